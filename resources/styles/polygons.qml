<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.0" styleCategories="Symbology|Fields|Forms|MapTips">
  <renderer-v2 type="graduatedSymbol" referencescale="-1" enableorderby="0" attr="coalesce(&quot;prob_mean&quot;, 1)" graduatedMethod="GraduatedColor" forceraster="0" symbollevels="0">
    <ranges>
      <range lower="0.000000000000000" symbol="0" uuid="{9c73a970-7bd3-4b86-b118-825eb7da7586}" upper="0.600000000000000" render="true" label="mean probability up to 0.6"/>
      <range lower="0.600000000000000" symbol="1" uuid="{ab033a4f-85e7-4fd3-956b-81524b904c6e}" upper="0.800000000000000" render="true" label="0.6 to 0.8"/>
      <range lower="0.800000000000000" symbol="2" uuid="{d5236769-8404-43d5-8114-7bee9799ceec}" upper="1.000000000000000" render="true" label="above 0.8"/>
    </ranges>
    <symbols>
      <symbol type="fill" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="0">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleFill" enabled="1" id="{02115c1d-7eec-442c-af2b-d99389970d59}" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="color" value="240,170,40,60,rgb:0.94117647058823528,0.66666666666666663,0.15686274509803921,0.23529411764705882"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="240,170,40,255,rgb:0.94117647058823528,0.66666666666666663,0.15686274509803921,1"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.5"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="style" value="solid"/>
          </Option>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="fill" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="1">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleFill" enabled="1" id="{fd900ff0-a5fc-42e0-a280-7a75f522b9c2}" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="color" value="230,100,40,60,rgb:0.90196078431372551,0.39215686274509803,0.15686274509803921,0.23529411764705882"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="230,100,40,255,rgb:0.90196078431372551,0.39215686274509803,0.15686274509803921,1"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.5"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="style" value="solid"/>
          </Option>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="fill" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="2">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleFill" enabled="1" id="{d33a2da6-d040-4d37-a9e5-64c63a2cbdb5}" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="color" value="170,10,50,60,rgb:0.66666666666666663,0.0392156862745098,0.19607843137254902,0.23529411764705882"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="170,10,50,255,rgb:0.66666666666666663,0.0392156862745098,0.19607843137254902,1"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.5"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="style" value="solid"/>
          </Option>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
    </symbols>
    <classificationMethod id="Custom">
      <symmetricMode symmetrypoint="0" astride="0" enabled="0"/>
      <labelFormat labelprecision="4" trimtrailingzeroes="1" format="%1 - %2"/>
      <parameters>
        <Option/>
      </parameters>
      <extraInformation/>
    </classificationMethod>
    <rotation/>
    <sizescale/>
    <data-defined-properties>
      <Option type="Map">
        <Option type="QString" name="name" value=""/>
        <Option name="properties"/>
        <Option type="QString" name="type" value="collection"/>
      </Option>
    </data-defined-properties>
  </renderer-v2>
  <selection mode="Default">
    <selectionColor invalid="1"/>
  </selection>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <fieldConfiguration>
    <field name="id" configurationFlags="NoFlag"/>
    <field name="area_m2" configurationFlags="NoFlag"/>
    <field name="perimeter_m" configurationFlags="NoFlag"/>
    <field name="length_m" configurationFlags="NoFlag"/>
    <field name="width_m" configurationFlags="NoFlag"/>
    <field name="elongation" configurationFlags="NoFlag"/>
    <field name="compactness" configurationFlags="NoFlag"/>
    <field name="elev_min" configurationFlags="NoFlag"/>
    <field name="elev_max" configurationFlags="NoFlag"/>
    <field name="elev_range" configurationFlags="NoFlag"/>
    <field name="slope_mean" configurationFlags="NoFlag"/>
    <field name="slope_max" configurationFlags="NoFlag"/>
    <field name="aspect_mean" configurationFlags="NoFlag"/>
    <field name="ndvi_mean" configurationFlags="NoFlag"/>
    <field name="prob_mean" configurationFlags="NoFlag"/>
    <field name="prob_max" configurationFlags="NoFlag"/>
    <field name="prob_std" configurationFlags="NoFlag"/>
    <field name="confidence" configurationFlags="NoFlag"/>
    <field name="nodata_share" configurationFlags="NoFlag"/>
    <field name="touches_edge" configurationFlags="NoFlag"/>
    <field name="event_date" configurationFlags="NoFlag"/>
    <field name="scene" configurationFlags="NoFlag"/>
    <field name="checkpoint" configurationFlags="NoFlag"/>
    <field name="reviewed" configurationFlags="NoFlag">
      <editWidget type="ValueMap">
        <config>
          <Option type="Map">
            <Option type="List" name="map">
              <Option type="Map">
                <Option type="QString" name="not looked at" value="{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"/>
              </Option>
              <Option type="Map">
                <Option type="QString" name="right: a landslide" value="right"/>
              </Option>
              <Option type="Map">
                <Option type="QString" name="wrong: no landslide" value="wrong"/>
              </Option>
              <Option type="Map">
                <Option type="QString" name="unsure: cannot be told" value="unsure"/>
              </Option>
            </Option>
          </Option>
        </config>
      </editWidget>
    </field>
  </fieldConfiguration>
  <aliases>
    <alias name="Number" field="id" index="0"/>
    <alias name="Area (m²)" field="area_m2" index="1"/>
    <alias name="Perimeter (m)" field="perimeter_m" index="2"/>
    <alias name="Length downslope (m)" field="length_m" index="3"/>
    <alias name="Width (m)" field="width_m" index="4"/>
    <alias name="Elongation" field="elongation" index="5"/>
    <alias name="Compactness" field="compactness" index="6"/>
    <alias name="Elevation, lowest (m)" field="elev_min" index="7"/>
    <alias name="Elevation, highest (m)" field="elev_max" index="8"/>
    <alias name="Elevation, range (m)" field="elev_range" index="9"/>
    <alias name="Slope, mean (°)" field="slope_mean" index="10"/>
    <alias name="Slope, largest (°)" field="slope_max" index="11"/>
    <alias name="Aspect, mean (°)" field="aspect_mean" index="12"/>
    <alias name="NDVI, mean" field="ndvi_mean" index="13"/>
    <alias name="Probability, mean" field="prob_mean" index="14"/>
    <alias name="Probability, largest" field="prob_max" index="15"/>
    <alias name="Probability, standard deviation" field="prob_std" index="16"/>
    <alias name="Confidence (from the threshold to 1)" field="confidence" index="17"/>
    <alias name="Not mapped around (share)" field="nodata_share" index="18"/>
    <alias name="Touches edge of data" field="touches_edge" index="19"/>
    <alias name="Date of the event" field="event_date" index="20"/>
    <alias name="Scene" field="scene" index="21"/>
    <alias name="Checkpoint" field="checkpoint" index="22"/>
    <alias name="Reviewed" field="reviewed" index="23"/>
  </aliases>
  <expressionfields/>
  <mapTip enabled="1">&lt;b>Landslide [% "id" %]&lt;/b>&lt;br>[% format_number("area_m2" / 10000, 2) %] ha, probability [% format_number("prob_mean", 2) %][% coalesce(' (' || "confidence" || ')', '') %][% coalesce('&lt;br>slope ' || format_number("slope_mean", 0) || '°', '') %]</mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
