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
              <Option type="QString" name="color1" value="253,224,150,0,rgb:0.99215686274509807,0.8784313725490196,0.58823529411764708,0"/>
              <Option type="QString" name="color2" value="110,0,60,245,rgb:0.43137254901960786,0,0.23529411764705882,0.96078431372549022"/>
              <Option type="QString" name="direction" value="ccw"/>
              <Option type="QString" name="discrete" value="0"/>
              <Option type="QString" name="rampType" value="gradient"/>
              <Option type="QString" name="spec" value="rgb"/>
              <Option type="QString" name="stops" value="0.2;253,214,110,0,rgb:0.99215686274509807,0.83921568627450982,0.43137254901960786,0;rgb;ccw:0.35;253,190,85,150,rgb:0.99215686274509807,0.74509803921568629,0.33333333333333331,0.58823529411764708;rgb;ccw:0.5;244,120,55,215,rgb:0.95686274509803926,0.47058823529411764,0.21568627450980393,0.84313725490196079;rgb;ccw:0.75;205,40,50,235,rgb:0.80392156862745101,0.15686274509803921,0.19607843137254902,0.92156862745098034;rgb;ccw"/>
            </Option>
          </colorramp>
          <item alpha="0" value="0" color="#fde096" label="0: no landslide"/>
          <item alpha="0" value="0.2" color="#fdd66e" label="0.2"/>
          <item alpha="150" value="0.35" color="#fdbe55" label="0.35"/>
          <item alpha="215" value="0.5" color="#f47837" label="0.5: undecided"/>
          <item alpha="235" value="0.75" color="#cd2832" label="0.75"/>
          <item alpha="245" value="1" color="#6e003c" label="1: landslide"/>
          <rampLegendSettings suffix="" prefix="" useContinuousLegend="1" minimumLabel="0: no landslide" orientation="2" maximumLabel="1: landslide" direction="0">
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
