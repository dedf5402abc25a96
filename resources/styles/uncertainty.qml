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
    <rasterrenderer type="singlebandpseudocolor" band="1" classificationMin="0" classificationMax="0.5" alphaBand="-1" opacity="1" nodataColor="">
      <minMaxOrigin>
        <limits>None</limits>
        <extent>WholeRaster</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>0.98</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader clip="0" minimumValue="0" maximumValue="0.5" colorRampType="INTERPOLATED" classificationMode="1" labelPrecision="2">
          <colorramp type="gradient" name="[source]">
            <Option type="Map">
              <Option type="QString" name="color1" value="222,235,247,0,rgb:0.87058823529411766,0.92156862745098034,0.96862745098039216,0"/>
              <Option type="QString" name="color2" value="8,48,107,240,rgb:0.03137254901960784,0.18823529411764706,0.41960784313725491,0.94117647058823528"/>
              <Option type="QString" name="direction" value="ccw"/>
              <Option type="QString" name="discrete" value="0"/>
              <Option type="QString" name="rampType" value="gradient"/>
              <Option type="QString" name="spec" value="rgb"/>
              <Option type="QString" name="stops" value="0.1;198,219,239,60,rgb:0.77647058823529413,0.85882352941176465,0.93725490196078431,0.23529411764705882;rgb;ccw:0.3;107,174,214,170,rgb:0.41960784313725491,0.68235294117647061,0.83921568627450982,0.66666666666666663;rgb;ccw:0.6;33,113,181,220,rgb:0.12941176470588237,0.44313725490196076,0.70980392156862748,0.86274509803921573;rgb;ccw"/>
            </Option>
          </colorramp>
          <item alpha="0" value="0" color="#deebf7" label="0: turned images agree"/>
          <item alpha="60" value="0.05" color="#c6dbef" label="0.05"/>
          <item alpha="170" value="0.15" color="#6baed6" label="0.15: they differ"/>
          <item alpha="220" value="0.3" color="#2171b5" label="0.3"/>
          <item alpha="240" value="0.5" color="#08306b" label="0.5: they contradict each other"/>
          <rampLegendSettings suffix="" prefix="" useContinuousLegend="0" minimumLabel="" orientation="2" maximumLabel="" direction="0">
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
