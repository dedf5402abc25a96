<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.0" styleCategories="Symbology">
  <pipe-data-defined-properties>
    <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
    </Option>
  </pipe-data-defined-properties>
  <pipe>
    <provider>
      <resampling zoomedInResamplingMethod="nearestNeighbour" zoomedOutResamplingMethod="nearestNeighbour" enabled="false" maxOversampling="2"/>
    </provider>
    <rasterrenderer type="singlebandpseudocolor" band="1" classificationMin="0" classificationMax="1" alphaBand="-1" opacity="1" nodataColor="">
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>0.98</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader clip="0" minimumValue="0" maximumValue="1" colorRampType="INTERPOLATED" classificationMode="1" labelPrecision="2">
          <colorramp type="gradient" name="[source]">
            <Option type="Map">
              <Option type="QString" name="color1" value="0,0,4,0,rgb:0.0,0.0,0.01568627450980392,0.0"/>
              <Option type="QString" name="color2" value="252,255,164,240,rgb:0.9882352941176471,1.0,0.6431372549019608,0.9411764705882353"/>
              <Option type="QString" name="direction" value="ccw"/>
              <Option type="QString" name="discrete" value="0"/>
              <Option type="QString" name="rampType" value="gradient"/>
              <Option type="QString" name="spec" value="rgb"/>
              <Option type="QString" name="stops" value="0.15;66,10,104,40,rgb:0.25882352941176473,0.0392156862745098,0.40784313725490196,0.1568627450980392;rgb;ccw:0.35;147,38,103,130,rgb:0.5764705882352941,0.14901960784313725,0.403921568627451,0.5098039215686274;rgb;ccw:0.55;221,81,58,190,rgb:0.8666666666666667,0.3176470588235294,0.22745098039215686,0.7450980392156863;rgb;ccw:0.8;252,165,10,220,rgb:0.9882352941176471,0.6470588235294118,0.0392156862745098,0.8627450980392157;rgb;ccw"/>
            </Option>
          </colorramp>
          <item alpha="0" value="0" color="#000004" label="0: does not matter"/>
          <item alpha="40" value="0.15" color="#420a68" label="0.15"/>
          <item alpha="130" value="0.35" color="#932667" label="0.35"/>
          <item alpha="190" value="0.55" color="#dd513a" label="0.55"/>
          <item alpha="220" value="0.8" color="#fca50a" label="0.8"/>
          <item alpha="240" value="1" color="#fcffa4" label="1: matters most"/>
          <rampLegendSettings suffix="" prefix="" useContinuousLegend="1" minimumLabel="0: does not matter" orientation="2" maximumLabel="1: matters most" direction="0">
            <numericFormat id="basic">
              <Option type="Map">
                <Option type="invalid" name="decimal_separator"/>
                <Option type="int" name="decimals" value="6"/>
                <Option type="int" name="rounding_type" value="0"/>
                <Option type="bool" name="show_plus" value="false"/>
                <Option type="bool" name="show_thousand_separator" value="true"/>
                <Option type="bool" name="show_trailing_zeros" value="false"/>
                <Option type="invalid" name="thousand_separator"/>
              </Option>
            </numericFormat>
          </rampLegendSettings>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" colorizeGreen="128" colorizeBlue="128" colorizeStrength="100" colorizeRed="255" invertColors="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
    <resamplingStage>resamplingFilter</resamplingStage>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
