<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40.0" styleCategories="Symbology|Fields|MapTips">
  <renderer-v2 type="graduatedSymbol" referencescale="-1" enableorderby="0" attr="coalesce(&quot;prob_mean&quot;, 1)" graduatedMethod="GraduatedColor" forceraster="0" symbollevels="0">
    <ranges>
      <range lower="0.000000000000000" symbol="0" uuid="{9c73a970-7bd3-4b86-b118-825eb7da7586}" upper="0.600000000000000" render="true" label="up to 0.6: doubtful"/>
      <range lower="0.600000000000000" symbol="1" uuid="{ab033a4f-85e7-4fd3-956b-81524b904c6e}" upper="0.800000000000000" render="true" label="0.6 to 0.8"/>
      <range lower="0.800000000000000" symbol="2" uuid="{d5236769-8404-43d5-8114-7bee9799ceec}" upper="1.000000000000000" render="true" label="above 0.8: confident"/>
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
    <field name="prob_mean" configurationFlags="NoFlag"/>
    <field name="prob_max" configurationFlags="NoFlag"/>
    <field name="slope_mean" configurationFlags="NoFlag"/>
    <field name="event_date" configurationFlags="NoFlag"/>
    <field name="scene" configurationFlags="NoFlag"/>
    <field name="checkpoint" configurationFlags="NoFlag"/>
  </fieldConfiguration>
  <aliases>
    <alias name="Number" field="id" index="0"/>
    <alias name="Area (m²)" field="area_m2" index="1"/>
    <alias name="Perimeter (m)" field="perimeter_m" index="2"/>
    <alias name="Probability, mean" field="prob_mean" index="3"/>
    <alias name="Probability, largest" field="prob_max" index="4"/>
    <alias name="Slope, mean (°)" field="slope_mean" index="5"/>
    <alias name="Date of the event" field="event_date" index="6"/>
    <alias name="Scene" field="scene" index="7"/>
    <alias name="Checkpoint" field="checkpoint" index="8"/>
  </aliases>
  <splitPolicies>
    <policy field="id" policy="Duplicate"/>
    <policy field="area_m2" policy="Duplicate"/>
    <policy field="perimeter_m" policy="Duplicate"/>
    <policy field="prob_mean" policy="Duplicate"/>
    <policy field="prob_max" policy="Duplicate"/>
    <policy field="slope_mean" policy="Duplicate"/>
    <policy field="event_date" policy="Duplicate"/>
    <policy field="scene" policy="Duplicate"/>
    <policy field="checkpoint" policy="Duplicate"/>
  </splitPolicies>
  <duplicatePolicies>
    <policy field="id" policy="Duplicate"/>
    <policy field="area_m2" policy="Duplicate"/>
    <policy field="perimeter_m" policy="Duplicate"/>
    <policy field="prob_mean" policy="Duplicate"/>
    <policy field="prob_max" policy="Duplicate"/>
    <policy field="slope_mean" policy="Duplicate"/>
    <policy field="event_date" policy="Duplicate"/>
    <policy field="scene" policy="Duplicate"/>
    <policy field="checkpoint" policy="Duplicate"/>
  </duplicatePolicies>
  <defaults>
    <default expression="" field="id" applyOnUpdate="0"/>
    <default expression="" field="area_m2" applyOnUpdate="0"/>
    <default expression="" field="perimeter_m" applyOnUpdate="0"/>
    <default expression="" field="prob_mean" applyOnUpdate="0"/>
    <default expression="" field="prob_max" applyOnUpdate="0"/>
    <default expression="" field="slope_mean" applyOnUpdate="0"/>
    <default expression="" field="event_date" applyOnUpdate="0"/>
    <default expression="" field="scene" applyOnUpdate="0"/>
    <default expression="" field="checkpoint" applyOnUpdate="0"/>
  </defaults>
  <constraints>
    <constraint unique_strength="0" exp_strength="0" field="id" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="area_m2" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="perimeter_m" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="prob_mean" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="prob_max" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="slope_mean" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="event_date" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="scene" notnull_strength="0" constraints="0"/>
    <constraint unique_strength="0" exp_strength="0" field="checkpoint" notnull_strength="0" constraints="0"/>
  </constraints>
  <constraintExpressions>
    <constraint desc="" field="id" exp=""/>
    <constraint desc="" field="area_m2" exp=""/>
    <constraint desc="" field="perimeter_m" exp=""/>
    <constraint desc="" field="prob_mean" exp=""/>
    <constraint desc="" field="prob_max" exp=""/>
    <constraint desc="" field="slope_mean" exp=""/>
    <constraint desc="" field="event_date" exp=""/>
    <constraint desc="" field="scene" exp=""/>
    <constraint desc="" field="checkpoint" exp=""/>
  </constraintExpressions>
  <expressionfields/>
  <mapTip enabled="1">&lt;b>Landslide [% "id" %]&lt;/b>&lt;br>[% format_number("area_m2" / 10000, 2) %] ha, probability [% format_number("prob_mean", 2) %]</mapTip>
  <layerGeometryType>2</layerGeometryType>
</qgis>
