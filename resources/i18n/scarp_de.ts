<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Scarp</name>
    <message>
        <source>Scarp: landslide mapping</source>
        <translation>Scarp: Kartierung von Hangrutschungen</translation>
    </message>
    <message>
        <source>Bands of the scene</source>
        <translation>Kanäle der Szene</translation>
    </message>
    <message>
        <source>Digital elevation model</source>
        <translation>Digitales Höhenmodell</translation>
    </message>
    <message>
        <source>Elevation in metres, on any grid and in any CRS; it is warped to the bands, and the slope is computed from it.</source>
        <translation>Höhe in Metern, in beliebigem Raster und KBS; das Modell wird auf die Kanäle entzerrt, und die Hangneigung wird daraus berechnet.</translation>
    </message>
    <message>
        <source>Bands to build (preset or list)</source>
        <translation>Zu berechnende Kanäle (Vorgabe oder Liste)</translation>
    </message>
    <message>
        <source>auto: all whose inputs are there. A preset: bands14, rgb9, bands17, bands21, bands23, bands25, bands26, edges22, sentinel21, deploy13, rgb3, rgb4dem, physical23. Or a list of channels and groups, for example b04,ndvi,slope,change (change: against the bands from before the event).</source>
        <translation>auto: alle, deren Eingaben vorhanden sind. Eine Vorgabe: bands14, rgb9, bands17, bands21, bands23, bands25, bands26, edges22, sentinel21, deploy13, rgb3, rgb4dem, physical23. Oder eine Liste von Kanälen und Gruppen, zum Beispiel b04,ndvi,slope,change (change: gegenüber den Kanälen vor dem Ereignis).</translation>
    </message>
    <message>
        <source>Which band is which</source>
        <translation>Zuordnung der Kanäle</translation>
    </message>
    <message>
        <source>Only where names don&apos;t tell, for example B02=1,B03=2,B04=3. The number counts the bands of all rasters in the order given, from 1; a raster&apos;s name may stand instead.</source>
        <translation>Nur nötig, wo die Namen es nicht verraten, zum Beispiel B02=1,B03=2,B04=3. Die Nummer zählt die Kanäle aller Raster in der angegebenen Reihenfolge, ab 1; stattdessen kann der Name eines Rasters stehen.</translation>
    </message>
    <message>
        <source>Radiometry</source>
        <translation>Radiometrie</translation>
    </message>
    <message>
        <source>What the pixel values are. auto: from metadata, else from type and range, said in the log. dn: reflectance x 10000. dn_offset1000: the same + 1000 (Sentinel-2 processing baseline 04.00 and later, from 2022). reflectance: 0 to 1. raw: 8-bit or unknown RGB.</source>
        <translation>Was die Pixelwerte bedeuten. auto: aus den Metadaten, sonst aus Datentyp und Wertebereich; das Protokoll nennt es. dn: Reflektanz x 10000. dn_offset1000: dasselbe + 1000 (Sentinel-2 ab Prozessierungsversion 04.00, seit 2022). reflectance: 0 bis 1. raw: 8 Bit oder unbekanntes RGB.</translation>
    </message>
    <message>
        <source>Slope (degrees)</source>
        <translation>Hangneigung (Grad)</translation>
    </message>
    <message>
        <source>A slope raster of your own, instead of the one computed from the DEM.</source>
        <translation>Ein eigenes Raster der Hangneigung anstelle des aus dem Höhenmodell berechneten.</translation>
    </message>
    <message>
        <source>Valid mask or scene classification</source>
        <translation>Gültigkeitsmaske oder Szenenklassifikation</translation>
    </message>
    <message>
        <source>A raster that is 0 or nodata where the scene must not be used, or a Sentinel-2 scene classification (SCL), whose clouds, shadows and defects are left out.</source>
        <translation>Ein Raster, das 0 oder NoData ist, wo die Szene nicht verwendet werden darf, oder eine Sentinel-2-Szenenklassifikation (SCL), deren Wolken, Schatten und Fehler ausgelassen werden.</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>Ausdehnung</translation>
    </message>
    <message>
        <source>The part of the scene to work on. Unset: all of it. It is read in its own CRS and snapped to the grid.</source>
        <translation>Der Teil der Szene, der bearbeitet wird. Ohne Angabe: die ganze Szene. Die Ausdehnung wird in ihrem eigenen KBS gelesen und am Raster ausgerichtet.</translation>
    </message>
    <message>
        <source>Resolution (m)</source>
        <translation>Auflösung (m)</translation>
    </message>
    <message>
        <source>Ground sampling distance to work at. Unset: that of the finest band.</source>
        <translation>Bodenauflösung, in der gearbeitet wird. Ohne Angabe: die des feinsten Kanals.</translation>
    </message>
    <message>
        <source>Bands from before the event</source>
        <translation>Kanäle vor dem Ereignis</translation>
    </message>
    <message>
        <source>Pre-event image of the same place, for features of change: what a pixel is now minus what it was. Best from the same season and the same product (L1C or L2A). It may cover a part of the scene only: elsewhere change counts as unknown, and the scene is mapped all the same. Warped to the grid of the scene.</source>
        <translation>Bild desselben Ortes vor dem Ereignis, für Merkmale der Veränderung: was ein Pixel jetzt ist, minus was es vorher war. Am besten aus derselben Jahreszeit und vom selben Produkt (L1C oder L2A). Es darf nur einen Teil der Szene abdecken: anderswo gilt die Veränderung als unbekannt, und die Szene wird trotzdem kartiert. Es wird auf das Raster der Szene entzerrt.</translation>
    </message>
    <message>
        <source>Which band is which before the event</source>
        <translation>Zuordnung der Kanäle vor dem Ereignis</translation>
    </message>
    <message>
        <source>As &apos;Which band is which&apos;, for the bands from before the event: B02=1,B03=2,B04=3.</source>
        <translation>Wie „Zuordnung der Kanäle“, für die Kanäle vor dem Ereignis: B02=1,B03=2,B04=3.</translation>
    </message>
    <message>
        <source>Radiometry before the event</source>
        <translation>Radiometrie vor dem Ereignis</translation>
    </message>
    <message>
        <source>As &apos;Radiometry&apos;, for the bands from before the event: their processing baseline may be another.</source>
        <translation>Wie „Radiometrie“, für die Kanäle vor dem Ereignis: ihre Prozessierungsversion kann eine andere sein.</translation>
    </message>
    <message>
        <source>Valid mask or scene classification before the event</source>
        <translation>Gültigkeitsmaske oder Szenenklassifikation vor dem Ereignis</translation>
    </message>
    <message>
        <source>As &apos;Valid mask&apos;, for the bands from before the event: where they are clouded, change counts as unknown.</source>
        <translation>Wie „Gültigkeitsmaske“, für die Kanäle vor dem Ereignis: wo sie bewölkt sind, gilt die Veränderung als unbekannt.</translation>
    </message>
    <message>
        <source>Engineered bands</source>
        <translation>Abgeleitete Kanäle</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit float, one named band for each feature; nodata where any input is invalid.</source>
        <translation>GeoTIFF, 32-Bit-Gleitkomma, ein benannter Kanal je Merkmal; NoData, wo eine Eingabe ungültig ist.</translation>
    </message>
    <message>
        <source>Build engineered bands</source>
        <translation>Abgeleitete Kanäle berechnen</translation>
    </message>
    <message>
        <source>Prepare</source>
        <translation>Vorbereiten</translation>
    </message>
    <message>
        <source>Write the engineered bands of a scene, which a network reads, as one raster with named bands.</source>
        <translation>Schreibt die abgeleiteten Kanäle einer Szene, die ein Netz liest, als ein Raster mit benannten Kanälen.</translation>
    </message>
    <message>
        <source>Inputs: Sentinel-2 bands in any mix of files, and a DEM where terrain bands are wanted. The finest band gives the grid; the others are resampled to it, and the log says so.</source>
        <translation>Eingaben: Sentinel-2-Kanäle in beliebig verteilten Dateien und ein Höhenmodell, wenn Geländekanäle gewünscht sind. Der feinste Kanal gibt das Raster vor; die anderen werden darauf umgerechnet, und das Protokoll sagt es.</translation>
    </message>
    <message>
        <source>Output: a GeoTIFF (32-bit float), one named band for each feature. Pixels that are invalid in any input are nodata.</source>
        <translation>Ausgabe: ein GeoTIFF (32-Bit-Gleitkomma), ein benannter Kanal je Merkmal. Pixel, die in irgendeiner Eingabe ungültig sind, werden NoData.</translation>
    </message>
    <message>
        <source>&apos;Map landslides&apos; and &apos;Train a network&apos; build the bands themselves: use this to look at them, or to build them once for several runs.</source>
        <translation>„Hangrutschungen kartieren“ und „Netz trainieren“ berechnen die Kanäle selbst: dieser Algorithmus dient dazu, sie anzusehen oder sie für mehrere Läufe nur einmal zu berechnen.</translation>
    </message>
    <message>
        <source>Cancel stops within seconds and leaves no file.</source>
        <translation>Ein Abbruch wirkt binnen Sekunden und hinterlässt keine Datei.</translation>
    </message>
    <message>
        <source>Product (.SAFE folder, zip, or MTD_MSIL1C.xml / MTD_MSIL2A.xml)</source>
        <translation>Produkt (.SAFE-Ordner, zip oder MTD_MSIL1C.xml / MTD_MSIL2A.xml)</translation>
    </message>
    <message>
        <source>The product: its zip, or the file MTD_MSIL1C.xml or MTD_MSIL2A.xml inside the unpacked folder. The path of the .SAFE folder, of one of its granules, or of a folder that holds one product may be typed as well.</source>
        <translation>Das Produkt: sein zip oder die Datei MTD_MSIL1C.xml oder MTD_MSIL2A.xml im ausgepackten Ordner. Auch der Pfad des .SAFE-Ordners, eines seiner Granules oder eines Ordners, der genau ein Produkt enthält, kann eingegeben werden.</translation>
    </message>
    <message>
        <source>The part to import. Unset: the whole tile. It is read in its own CRS and snapped to the 10 m grid.</source>
        <translation>Der Teil, der importiert wird. Ohne Angabe: die ganze Kachel. Die Ausdehnung wird in ihrem eigenen KBS gelesen und am 10-m-Raster ausgerichtet.</translation>
    </message>
    <message>
        <source>Bands to import</source>
        <translation>Zu importierende Kanäle</translation>
    </message>
    <message>
        <source>Names, comma-separated, for example B02,B03,B04,B08. Unset: all that the product has.</source>
        <translation>Namen, durch Kommas getrennt, zum Beispiel B02,B03,B04,B08. Ohne Angabe: alle, die das Produkt hat.</translation>
    </message>
    <message>
        <source>Sentinel-2 bands</source>
        <translation>Sentinel-2-Kanäle</translation>
    </message>
    <message>
        <source>GeoTIFF, 16-bit integer, 10 m, reflectance x 10000 without offset; nodata -32768. One named band each.</source>
        <translation>GeoTIFF, 16-Bit-Ganzzahl, 10 m, Reflektanz x 10000 ohne Versatz; NoData -32768. Jeder Kanal trägt seinen Namen.</translation>
    </message>
    <message>
        <source>Scene classification</source>
        <translation>Szenenklassifikation</translation>
    </message>
    <message>
        <source>GeoTIFF, 8-bit, 10 m: the scene classification (SCL). L2A products alone have it. Give it as valid mask.</source>
        <translation>GeoTIFF, 8 Bit, 10 m: die Szenenklassifikation (SCL). Nur L2A-Produkte haben sie. Sie dient als Gültigkeitsmaske.</translation>
    </message>
    <message>
        <source>Names of the bands, comma-separated</source>
        <translation>Namen der Kanäle, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Import a Sentinel-2 product</source>
        <translation>Sentinel-2-Produkt importieren</translation>
    </message>
    <message>
        <source>Turn a Sentinel-2 product as downloaded into one raster of named bands at 10 m, and its scene classification.</source>
        <translation>Macht aus einem heruntergeladenen Sentinel-2-Produkt ein Raster mit benannten Kanälen in 10 m und dessen Szenenklassifikation.</translation>
    </message>
    <message>
        <source>Input: a level 1C or 2A product: the .SAFE folder, its zip (which need not be unpacked), or a folder that holds one.</source>
        <translation>Eingabe: ein Produkt der Stufe 1C oder 2A: der .SAFE-Ordner, sein zip (das nicht ausgepackt sein muss) oder ein Ordner, der eines enthält.</translation>
    </message>
    <message>
        <source>Output: a GeoTIFF (16-bit integer) with the bands B01 to B12 and B8A, reflectance x 10000. The radiometric offset that products have since processing baseline 04.00 is taken off, by the product&apos;s own metadata; the coarser bands are resampled to 10 m (bilinear); nodata and saturated pixels are nodata. For L2A also the scene classification (SCL), which &apos;Map landslides&apos; takes as valid mask.</source>
        <translation>Ausgabe: ein GeoTIFF (16-Bit-Ganzzahl) mit den Kanälen B01 bis B12 und B8A, Reflektanz x 10000. Der radiometrische Versatz, den Produkte seit der Prozessierungsversion 04.00 haben, wird nach den Metadaten des Produkts abgezogen; gröbere Kanäle werden auf 10 m umgerechnet (bilinear); NoData und gesättigte Pixel werden NoData. Bei L2A auch die Szenenklassifikation (SCL), die „Hangrutschungen kartieren“ als Gültigkeitsmaske nimmt.</translation>
    </message>
    <message>
        <source>The algorithms that take bands accept the product itself as well. Import it when several runs use it: a GeoTIFF is read many times faster, and holds the wanted bands and extent alone.</source>
        <translation>Die Algorithmen, die Kanäle nehmen, nehmen auch das Produkt selbst. Der Import lohnt sich, wenn mehrere Läufe es verwenden: ein GeoTIFF wird um ein Vielfaches schneller gelesen und enthält nur die gewünschten Kanäle und die gewünschte Ausdehnung.</translation>
    </message>
    <message>
        <source>Width (px of 10 m)</source>
        <translation>Breite (Pixel von 10 m)</translation>
    </message>
    <message>
        <source>Width of the scene; it is half as high.</source>
        <translation>Breite der Szene; sie ist halb so hoch.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Another seed gives another scene.</source>
        <translation>Ein anderer Startwert ergibt eine andere Szene.</translation>
    </message>
    <message>
        <source>Open the scene in the project</source>
        <translation>Szene im Projekt öffnen</translation>
    </message>
    <message>
        <source>Adds the rasters and polygons to the project, in a group.</source>
        <translation>Fügt die Raster und Polygone dem Projekt hinzu, in einer Gruppe.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>The folder that the scene is written to.</source>
        <translation>Der Ordner, in den die Szene geschrieben wird.</translation>
    </message>
    <message>
        <source>True landslides</source>
        <translation>Wahre Hangrutschungen</translation>
    </message>
    <message>
        <source>Generate a demonstration scene</source>
        <translation>Demonstrationsszene erzeugen</translation>
    </message>
    <message>
        <source>Generate a landslide event to try everything on: twelve Sentinel-2 bands, a DEM and the true polygons.</source>
        <translation>Erzeugt ein Rutschungsereignis, an dem sich alles ausprobieren lässt: zwölf Sentinel-2-Kanäle, ein Höhenmodell und die wahren Polygone.</translation>
    </message>
    <message>
        <source>The scene is invented, and the same for the same seed: mountains with rivers and land cover, clouds with shadow in one corner, nodata along one edge, landslides that run down steep slopes, and look-alikes that are none.</source>
        <translation>Die Szene ist erfunden und beim selben Startwert immer gleich: Berge mit Flüssen und Landbedeckung, Wolken mit Schatten in einer Ecke, NoData an einem Rand, Hangrutschungen, die steile Hänge hinablaufen, und Flächen, die nur so aussehen.</translation>
    </message>
    <message>
        <source>Outputs: a folder with one GeoTIFF for each band (UTM; 10 m and 20 m), a DEM (30 m, another CRS) and the landslide polygons.</source>
        <translation>Ausgaben: ein Ordner mit einem GeoTIFF je Kanal (UTM; 10 m und 20 m), ein Höhenmodell (30 m, anderes KBS) und die Polygone der Hangrutschungen.</translation>
    </message>
    <message>
        <source>Next: &apos;Train a network&apos; on its western half, &apos;Map landslides&apos; in its eastern half, &apos;Assess a landslide map&apos;.</source>
        <translation>Danach: „Netz trainieren“ auf der Westhälfte, „Hangrutschungen kartieren“ in der Osthälfte, „Karte der Hangrutschungen bewerten“.</translation>
    </message>
    <message>
        <source>Landslide polygons</source>
        <translation>Polygone der Hangrutschungen</translation>
    </message>
    <message>
        <source>Landslides traced in the scene. A selection and edits not yet saved count.</source>
        <translation>Hangrutschungen, die in der Szene abgegrenzt wurden. Eine Auswahl und noch nicht gespeicherte Änderungen zählen.</translation>
    </message>
    <message>
        <source>Interpreted area</source>
        <translation>Ausgewertetes Gebiet</translation>
    </message>
    <message>
        <source>Where the polygons are complete: what lies outside is marked as not known (255 in the masks). Unset: the whole scene.</source>
        <translation>Wo die Polygone vollständig sind: was außerhalb liegt, wird als unbekannt gekennzeichnet (255 in den Masken). Ohne Angabe: die ganze Szene.</translation>
    </message>
    <message>
        <source>Chip (px)</source>
        <translation>Bildausschnitt (Pixel)</translation>
    </message>
    <message>
        <source>Side of a chip, a multiple of 32.</source>
        <translation>Seitenlänge eines Bildausschnitts, ein Vielfaches von 32.</translation>
    </message>
    <message>
        <source>Distance of neighbouring chips (px)</source>
        <translation>Abstand benachbarter Bildausschnitte (Pixel)</translation>
    </message>
    <message>
        <source>Unset: that of the chip, and each pixel counts once. Smaller: chips overlap.</source>
        <translation>Ohne Angabe: die Seitenlänge, und jedes Pixel zählt einmal. Kleiner: die Bildausschnitte überlappen.</translation>
    </message>
    <message>
        <source>Field that names the region</source>
        <translation>Feld mit dem Namen der Region</translation>
    </message>
    <message>
        <source>A field of the interpreted area&apos;s polygons. Each chip notes the region that most of it lies in; &apos;Train a network&apos; can keep one region for the test. The area must be a file: temporary layers lose their fields.</source>
        <translation>Ein Feld der Polygone des ausgewerteten Gebiets. Jeder Bildausschnitt vermerkt die Region, in der er zum größten Teil liegt; „Netz trainieren“ kann eine Region für den Test zurückhalten. Das Gebiet muss eine Datei sein: temporäre Layer verlieren ihre Felder.</translation>
    </message>
    <message>
        <source>Name of the scene</source>
        <translation>Name der Szene</translation>
    </message>
    <message>
        <source>Stands in the manifest. Unset: the name of the folder.</source>
        <translation>Steht im Verzeichnis der Bildausschnitte. Ohne Angabe: der Name des Ordners.</translation>
    </message>
    <message>
        <source>Least known share of a chip (0 to 1)</source>
        <translation>Kleinster bekannter Anteil eines Bildausschnitts (0 bis 1)</translation>
    </message>
    <message>
        <source>Chips are left out of which less lies inside the interpreted area and is valid.</source>
        <translation>Bildausschnitte werden ausgelassen, von denen ein kleinerer Anteil im ausgewerteten Gebiet liegt und gültig ist.</translation>
    </message>
    <message>
        <source>Share of chips without landslide to leave out (0 to 1)</source>
        <translation>Anteil auszulassender Bildausschnitte ohne Hangrutschung (0 bis 1)</translation>
    </message>
    <message>
        <source>0 keeps the scene as it is, which makes the figures on it honest. To show more landslides in training, &apos;Share of chips with a landslide&apos; of &apos;Train a network&apos; does it without losing chips.</source>
        <translation>0 lässt die Szene, wie sie ist; das macht die Kennzahlen auf ihr ehrlich. Um im Training mehr Hangrutschungen zu zeigen, dient „Anteil der Bildausschnitte mit Hangrutschung“ von „Netz trainieren“, ohne dass Bildausschnitte verloren gehen.</translation>
    </message>
    <message>
        <source>Folder of chips</source>
        <translation>Ordner mit Bildausschnitten</translation>
    </message>
    <message>
        <source>A new folder, or one that this algorithm wrote before: it is replaced.</source>
        <translation>Ein neuer Ordner oder einer, den dieser Algorithmus früher geschrieben hat: er wird ersetzt.</translation>
    </message>
    <message>
        <source>Chips</source>
        <translation>Bildausschnitte</translation>
    </message>
    <message>
        <source>Chips that hold a landslide</source>
        <translation>Bildausschnitte mit einer Hangrutschung</translation>
    </message>
    <message>
        <source>Cut chips</source>
        <translation>Bildausschnitte schneiden</translation>
    </message>
    <message>
        <source>Cut a scene with its landslide polygons into a folder of chips, to train on it later, elsewhere, or with others.</source>
        <translation>Schneidet eine Szene mit ihren Polygonen in einen Ordner von Bildausschnitten, um später, anderswo oder mit anderen zusammen darauf zu trainieren.</translation>
    </message>
    <message>
        <source>Inputs: as for &apos;Train a network&apos; on a scene. All bands of the scene are kept, so that networks with different bands can be trained on one folder.</source>
        <translation>Eingaben: wie bei „Netz trainieren“ auf einer Szene. Alle Kanäle der Szene bleiben erhalten, sodass Netze mit verschiedenen Kanälen auf einem Ordner trainiert werden können.</translation>
    </message>
    <message>
        <source>Outputs: GeoTIFF images and masks, and a manifest that says where each chip lies. &apos;Train a network&apos; takes the folder as its folder of chips, and keeps training, validation and test apart on the ground. A folder that holds several such folders, one for each event, is taken as one set of chips; then a whole event or region can be kept for the test.</source>
        <translation>Ausgaben: Bilder und Masken als GeoTIFF und ein Verzeichnis, das sagt, wo jeder Bildausschnitt liegt. „Netz trainieren“ nimmt den Ordner als Ordner mit Bildausschnitten und hält Training, Validierung und Test im Gelände auseinander. Ein Ordner, der mehrere solche Ordner enthält, einen je Ereignis, gilt als ein Datensatz; dann kann ein ganzes Ereignis oder eine Region für den Test zurückgehalten werden.</translation>
    </message>
    <message>
        <source>To train on one scene alone chips are not needed: &apos;Train a network&apos; reads the scene itself.</source>
        <translation>Für das Training auf nur einer Szene sind keine Bildausschnitte nötig: „Netz trainieren“ liest die Szene selbst.</translation>
    </message>
    <message>
        <source>Cancel leaves the folder as it was before.</source>
        <translation>Nach einem Abbruch ist der Ordner, wie er vorher war.</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>A trained network: a .safetensors file written by &apos;Train a network&apos;, or the name of one that comes with Scarp.</source>
        <translation>Ein trainiertes Netz: eine .safetensors-Datei von „Netz trainieren“ oder der Name eines Checkpoints, der mit Scarp kommt.</translation>
    </message>
    <message>
        <source>Threshold (probability)</source>
        <translation>Schwellenwert (Wahrscheinlichkeit)</translation>
    </message>
    <message>
        <source>Pixels from this probability on are landslide. Unset: the threshold chosen in training. Lower finds more and raises more false alarms.</source>
        <translation>Pixel ab dieser Wahrscheinlichkeit sind Hangrutschung. Ohne Angabe: der im Training gewählte Schwellenwert. Ein niedrigerer findet mehr und löst mehr Fehlalarme aus.</translation>
    </message>
    <message>
        <source>Smallest landslide (m²)</source>
        <translation>Kleinste Hangrutschung (m²)</translation>
    </message>
    <message>
        <source>Smaller bodies are left out of the mask and the polygons. A pixel of 10 m has 100 m².</source>
        <translation>Kleinere Flächen werden in Maske und Polygonen ausgelassen. Ein Pixel von 10 m hat 100 m².</translation>
    </message>
    <message>
        <source>Area to map</source>
        <translation>Zu kartierendes Gebiet</translation>
    </message>
    <message>
        <source>Polygons; what lies outside of them is nodata in the mask and holds no polygon. Unset: everywhere.</source>
        <translation>Polygone; was außerhalb liegt, ist in der Maske NoData und enthält kein Polygon. Ohne Angabe: überall.</translation>
    </message>
    <message>
        <source>Grow down to (probability)</source>
        <translation>Wachsen bis hinab zu (Wahrscheinlichkeit)</translation>
    </message>
    <message>
        <source>Landslides start where the threshold is reached and grow to all connected pixels of at least this lower probability (hysteresis): fuller outlines without new landslides. Unset: they don&apos;t grow.</source>
        <translation>Hangrutschungen beginnen, wo der Schwellenwert erreicht ist, und wachsen auf alle verbundenen Pixel mit mindestens dieser kleineren Wahrscheinlichkeit (Hysterese): vollere Umrisse ohne neue Hangrutschungen. Ohne Angabe: sie wachsen nicht.</translation>
    </message>
    <message>
        <source>Opening or closing (4 x 4 pixels)</source>
        <translation>Öffnen oder Schließen (4 x 4 Pixel)</translation>
    </message>
    <message>
        <source>opening: drops what is narrower than 4 pixels. closing: fills gaps narrower than 4 pixels. Tidier, and less accurate: on one Landslide4Sense fold the macro F1 fell from 0.72 to 0.56 and 0.50 (arXiv 2312.16717).</source>
        <translation>opening: entfernt, was schmaler als 4 Pixel ist. closing: füllt Lücken, die schmaler als 4 Pixel sind. Aufgeräumter und ungenauer: auf einem Fold von Landslide4Sense fiel das Makro-F1 von 0,72 auf 0,56 und 0,50 (arXiv 2312.16717).</translation>
    </message>
    <message>
        <source>Fill holes smaller than (m²)</source>
        <translation>Löcher füllen, die kleiner sind als (m²)</translation>
    </message>
    <message>
        <source>Holes inside a landslide that are smaller are filled, unless there is nodata in them. 0: none is.</source>
        <translation>Löcher in einer Hangrutschung, die kleiner sind, werden gefüllt, sofern sie kein NoData enthalten. 0: keines.</translation>
    </message>
    <message>
        <source>Least slope (degrees)</source>
        <translation>Kleinste Hangneigung (Grad)</translation>
    </message>
    <message>
        <source>Flatter ground is no landslide: rivers, fields and roads are often taken for one. Needs a DEM. Where the slope is unknown, nothing is left out. 0: off.</source>
        <translation>Flacheres Gelände ist keine Hangrutschung: Flüsse, Felder und Straßen werden oft dafür gehalten. Braucht ein Höhenmodell. Wo die Hangneigung unbekannt ist, wird nichts ausgelassen. 0: aus.</translation>
    </message>
    <message>
        <source>What the least slope applies to</source>
        <translation>Wofür die kleinste Hangneigung gilt</translation>
    </message>
    <message>
        <source>body: a landslide is left out by its mean slope, and keeps its flat runout. pixel: flat pixels are left out.</source>
        <translation>body: eine Hangrutschung wird nach ihrer mittleren Hangneigung ausgelassen und behält ihren flachen Auslauf. pixel: flache Pixel werden ausgelassen.</translation>
    </message>
    <message>
        <source>Divide merged landslides</source>
        <translation>Verschmolzene Hangrutschungen teilen</translation>
    </message>
    <message>
        <source>Neighbouring landslides grow together in the mask. shape: polygons are divided at necks thinner than half of the thinner part. probability: along valleys of the probability that are deeper than 0.1. The mask stays as it is. No part is smaller than MIN_AREA.</source>
        <translation>Benachbarte Hangrutschungen wachsen in der Maske zusammen. shape: Polygone werden an Engstellen geteilt, die dünner sind als die Hälfte des dünneren Teils. probability: entlang von Tälern der Wahrscheinlichkeit, die tiefer als 0,1 sind. Die Maske bleibt, wie sie ist. Kein Teil ist kleiner als MIN_AREA.</translation>
    </message>
    <message>
        <source>Smooth outlines</source>
        <translation>Umrisse glätten</translation>
    </message>
    <message>
        <source>Cuts the corners of the pixels: stairs become straight lines. Each area changes by less than 1 %, and neighbours don&apos;t overlap.</source>
        <translation>Schneidet die Ecken der Pixel ab: aus Treppen werden gerade Linien. Jede Fläche ändert sich um weniger als 1 %, und Nachbarn überlappen nicht.</translation>
    </message>
    <message>
        <source>Simplify outlines (m)</source>
        <translation>Umrisse vereinfachen (m)</translation>
    </message>
    <message>
        <source>Tolerance of the simplification; the log says how the area changed. Parts of a divided landslide may then overlap or gape by as much. 0 keeps every vertex.</source>
        <translation>Toleranz der Vereinfachung; das Protokoll sagt, wie sich die Fläche geändert hat. Teile einer geteilten Hangrutschung können danach um ebenso viel überlappen oder klaffen. 0 behält jeden Stützpunkt.</translation>
    </message>
    <message>
        <source>Date of the event</source>
        <translation>Datum des Ereignisses</translation>
    </message>
    <message>
        <source>Written to the polygons (year-month-day), for your inventory.</source>
        <translation>Wird in die Polygone geschrieben (Jahr-Monat-Tag), für Ihr Inventar.</translation>
    </message>
    <message>
        <source>Average over turned images</source>
        <translation>Über gedrehte Bilder mitteln</translation>
    </message>
    <message>
        <source>Maps each tile several times, turned (rotations: 4 times; all: turned and mirrored, 8 times), and averages: slightly better, 4 or 8 times slower. Needed for UNCERTAINTY.</source>
        <translation>Kartiert jede Kachel mehrmals, gedreht (rotations: 4-mal; all: gedreht und gespiegelt, 8-mal), und mittelt: etwas besser, 4- oder 8-mal langsamer. Nötig für UNCERTAINTY.</translation>
    </message>
    <message>
        <source>Average the resolutions of a multi-resolution network</source>
        <translation>Auflösungen eines Netzes mit mehreren Auflösungen mitteln</translation>
    </message>
    <message>
        <source>Only for networks with the &apos;multires&apos; head: averages their three outputs.</source>
        <translation>Nur für Netze mit dem Kopf „multires“: mittelt ihre drei Ausgaben.</translation>
    </message>
    <message>
        <source>Device (auto, cpu, cuda, cuda:1)</source>
        <translation>Gerät (auto, cpu, cuda, cuda:1)</translation>
    </message>
    <message>
        <source>auto: a GPU that works, else the CPU, said in the log. cpu. cuda or cuda:1: this GPU, or an error when it cannot run.</source>
        <translation>auto: eine GPU, die funktioniert, sonst die CPU; das Protokoll nennt es. cpu. cuda oder cuda:1: diese GPU, oder ein Fehler, wenn sie nicht rechnen kann.</translation>
    </message>
    <message>
        <source>Tile (px)</source>
        <translation>Kachel (Pixel)</translation>
    </message>
    <message>
        <source>Side of the tiles, a multiple of 32. Unset: chosen for the network, and said in the log. Networks that pool over the whole tile always run at the size of their training chips.</source>
        <translation>Seitenlänge der Kacheln, ein Vielfaches von 32. Ohne Angabe: passend zum Netz gewählt und im Protokoll genannt. Netze, die über die ganze Kachel mitteln, laufen immer in der Größe der Bildausschnitte ihres Trainings.</translation>
    </message>
    <message>
        <source>Overlap of tiles (share of a tile)</source>
        <translation>Überlappung der Kacheln (Anteil einer Kachel)</translation>
    </message>
    <message>
        <source>0 to 0.75. Unset: chosen, and said in the log. More overlap blends better and takes longer.</source>
        <translation>0 bis 0,75. Ohne Angabe: gewählt und im Protokoll genannt. Mehr Überlappung gibt weichere Übergänge und dauert länger.</translation>
    </message>
    <message>
        <source>Batch (tiles at once)</source>
        <translation>Batch (Kacheln auf einmal)</translation>
    </message>
    <message>
        <source>Unset: chosen for the device. It is halved when memory runs out.</source>
        <translation>Ohne Angabe: passend zum Gerät gewählt. Er wird halbiert, wenn der Speicher nicht reicht.</translation>
    </message>
    <message>
        <source>Memory (MB)</source>
        <translation>Arbeitsspeicher (MB)</translation>
    </message>
    <message>
        <source>What the worker may take of the computer&apos;s memory; tiles and caches are chosen to fit. Unset: 1500. With more, tiles are larger and overlap less, which is faster.</source>
        <translation>Was der Arbeitsprozess vom Speicher des Rechners nehmen darf; Kacheln und Zwischenspeicher werden passend gewählt. Ohne Angabe: 1500. Mit mehr Speicher sind die Kacheln größer und überlappen weniger, was schneller ist.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Rechengenauigkeit</translation>
    </message>
    <message>
        <source>auto: bf16 or fp16 where the device is faster with it, else fp32. fp32: the same result on every device.</source>
        <translation>auto: bf16 oder fp16, wo das Gerät damit schneller ist, sonst fp32. fp32: auf jedem Gerät dasselbe Ergebnis.</translation>
    </message>
    <message>
        <source>Landslide probability</source>
        <translation>Wahrscheinlichkeit einer Hangrutschung</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit float, 0 to 1; nodata -9999.</source>
        <translation>GeoTIFF, 32-Bit-Gleitkomma, 0 bis 1; NoData -9999.</translation>
    </message>
    <message>
        <source>Landslide mask</source>
        <translation>Maske der Hangrutschungen</translation>
    </message>
    <message>
        <source>GeoTIFF, 8-bit: 1 landslide, 0 no landslide, 255 not mapped (nodata).</source>
        <translation>GeoTIFF, 8 Bit: 1 Hangrutschung, 0 keine Hangrutschung, 255 nicht kartiert (NoData).</translation>
    </message>
    <message>
        <source>Landslides</source>
        <translation>Hangrutschungen</translation>
    </message>
    <message>
        <source>GeoPackage: one polygon for each landslide, with area (m²), perimeter (m), form, probability, confidence in words and, with a DEM, elevation, slope, aspect, length and width. A field for your review.</source>
        <translation>GeoPackage: ein Polygon je Hangrutschung, mit Fläche (m²), Umfang (m), Form, Wahrscheinlichkeit, Zuverlässigkeit in Worten und, mit Höhenmodell, Höhe, Neigung, Exposition, Länge und Breite. Ein Feld für Ihre Durchsicht.</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Unsicherheit</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit float: how far the turned images disagree (standard deviation of the probability). Needs &apos;Average over turned images&apos;.</source>
        <translation>GeoTIFF, 32-Bit-Gleitkomma: wie weit die gedrehten Bilder voneinander abweichen (Standardabweichung der Wahrscheinlichkeit). Braucht „Über gedrehte Bilder mitteln“.</translation>
    </message>
    <message>
        <source>Landslide presence</source>
        <translation>Vorkommen von Hangrutschungen</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit float: probability that a tile holds any landslide. Only from networks with the &apos;dual&apos; head.</source>
        <translation>GeoTIFF, 32-Bit-Gleitkomma: Wahrscheinlichkeit, dass eine Kachel irgendeine Hangrutschung enthält. Nur von Netzen mit dem Kopf „dual“.</translation>
    </message>
    <message>
        <source>Distance to the training data</source>
        <translation>Abstand zu den Trainingsdaten</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit float, one pixel for 128 x 128 px of the scene: how unlike the bands are to those the checkpoint was trained on. Up to 0.9 is usual for another place, from 1.3 on the map is doubtful there. The scene is read once more for it.</source>
        <translation>GeoTIFF, 32-Bit-Gleitkomma, ein Pixel für 128 x 128 Pixel der Szene: wie unähnlich die Kanäle denen sind, auf denen der Checkpoint trainiert wurde. Bis 0,9 ist an einem anderen Ort üblich, ab 1,3 ist die Karte dort zweifelhaft. Die Szene wird dafür noch einmal gelesen.</translation>
    </message>
    <message>
        <source>Area of landslides (m²)</source>
        <translation>Fläche der Hangrutschungen (m²)</translation>
    </message>
    <message>
        <source>Seconds the mapping took</source>
        <translation>Sekunden, die die Kartierung dauerte</translation>
    </message>
    <message>
        <source>Distance of the scene to the training data (NaN: not known)</source>
        <translation>Abstand der Szene zu den Trainingsdaten (NaN: unbekannt)</translation>
    </message>
    <message>
        <source>Map landslides</source>
        <translation>Hangrutschungen kartieren</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kartieren</translation>
    </message>
    <message>
        <source>Map landslides in a scene with a trained network: probability, mask and polygons.</source>
        <translation>Kartiert Hangrutschungen in einer Szene mit einem trainierten Netz: Wahrscheinlichkeit, Maske und Polygone.</translation>
    </message>
    <message>
        <source>Inputs: the post-event bands (and DEM) that the checkpoint was trained on, and the checkpoint. Its card says which bands are needed; a scene that lacks one is refused before any work, with the list of what is missing.</source>
        <translation>Eingaben: die Kanäle nach dem Ereignis (und das Höhenmodell), auf denen der Checkpoint trainiert wurde, und der Checkpoint. Sein Steckbrief sagt, welche Kanäle nötig sind; eine Szene, der einer fehlt, wird vor jeder Arbeit abgelehnt, mit der Liste dessen, was fehlt.</translation>
    </message>
    <message>
        <source>Outputs, each of them optional: landslide probability (0 to 1; nodata -9999), mask (1 landslide, 0 none, 255 not mapped), polygons with true area (m²), perimeter, probability and slope. A scene without landslides gives empty layers.</source>
        <translation>Ausgaben, jede wahlfrei: Wahrscheinlichkeit (0 bis 1; NoData -9999), Maske (1 Hangrutschung, 0 keine, 255 nicht kartiert), Polygone mit wahrer Fläche (m²), Umfang, Wahrscheinlichkeit und Hangneigung. Eine Szene ohne Hangrutschungen ergibt leere Layer.</translation>
    </message>
    <message>
        <source>The scene goes through in tiles that overlap and are blended, so its size does not matter. A GPU is used where there is one.</source>
        <translation>Die Szene läuft in Kacheln hindurch, die sich überlappen und ineinander übergehen; ihre Größe spielt daher keine Rolle. Eine GPU wird genutzt, wo es eine gibt.</translation>
    </message>
    <message>
        <source>The log warns of a scene that is unlike what the checkpoint was trained on, and names the probable cause: another product level, wrong units, bands exchanged.</source>
        <translation>Das Protokoll warnt vor einer Szene, die den Trainingsdaten des Checkpoints unähnlich ist, und nennt die wahrscheinliche Ursache: andere Produktstufe, falsche Einheiten, vertauschte Kanäle.</translation>
    </message>
    <message>
        <source>The probability raster written by &apos;Map landslides&apos; (0 to 1).</source>
        <translation>Das Wahrscheinlichkeitsraster von „Hangrutschungen kartieren“ (0 bis 1).</translation>
    </message>
    <message>
        <source>Pixels from this probability on are landslide.</source>
        <translation>Pixel ab dieser Wahrscheinlichkeit sind Hangrutschung.</translation>
    </message>
    <message>
        <source>Elevation in metres, for elevation, slope, aspect and downslope length of each landslide, and for MIN_SLOPE.</source>
        <translation>Höhe in Metern, für Höhe, Neigung, Exposition und Länge hangabwärts jeder Hangrutschung und für MIN_SLOPE.</translation>
    </message>
    <message>
        <source>Turn probability into mask and polygons</source>
        <translation>Wahrscheinlichkeit in Maske und Polygone umwandeln</translation>
    </message>
    <message>
        <source>Turn a probability raster into a mask and polygons, with another threshold or smallest area.</source>
        <translation>Macht aus einem Wahrscheinlichkeitsraster eine Maske und Polygone, mit anderem Schwellenwert oder anderer Mindestgröße.</translation>
    </message>
    <message>
        <source>Inputs: the probability raster of &apos;Map landslides&apos; and, for slope figures, a DEM.</source>
        <translation>Eingaben: das Wahrscheinlichkeitsraster von „Hangrutschungen kartieren“ und, für Angaben zur Hangneigung, ein Höhenmodell.</translation>
    </message>
    <message>
        <source>Outputs, each of them optional: mask (1 landslide, 0 none, 255 not mapped) and polygons with true area (m²), perimeter (m), probability and form. Polygons follow the pixel edges unless they are smoothed or simplified.</source>
        <translation>Ausgaben, jede wahlfrei: Maske (1 Hangrutschung, 0 keine, 255 nicht kartiert) und Polygone mit wahrer Fläche (m²), Umfang (m), Wahrscheinlichkeit und Form. Die Polygone folgen den Pixelkanten, sofern sie nicht geglättet oder vereinfacht werden.</translation>
    </message>
    <message>
        <source>No network is run: it takes seconds, so thresholds can be tried. Further options let landslides grow to a lower probability, fill holes, leave out flat ground, divide merged landslides and smooth the outlines. In this order: area, slope of pixels, thresholds, opening or closing, holes, smallest landslide, slope of bodies, division, outline.</source>
        <translation>Kein Netz läuft: es dauert Sekunden, sodass sich Schwellenwerte ausprobieren lassen. Weitere Optionen lassen Hangrutschungen bis zu einer kleineren Wahrscheinlichkeit wachsen, füllen Löcher, lassen flaches Gelände aus, teilen verschmolzene Hangrutschungen und glätten die Umrisse. In dieser Reihenfolge: Gebiet, Neigung der Pixel, Schwellenwerte, Öffnen oder Schließen, Löcher, kleinste Hangrutschung, Neigung der Flächen, Teilung, Umriss.</translation>
    </message>
    <message>
        <source>Polygons with the attributes that Scarp writes. A selection and edits not yet saved count.</source>
        <translation>Polygone mit den Attributen, die Scarp schreibt. Eine Auswahl und noch nicht gespeicherte Änderungen zählen.</translation>
    </message>
    <message>
        <source>Field with your marks</source>
        <translation>Feld mit Ihren Urteilen</translation>
    </message>
    <message>
        <source>Text: right, wrong or unsure; empty where you have not looked. Yes and no, or 1 and 0, do too.</source>
        <translation>Text: right (richtig), wrong (falsch) oder unsure (unsicher); leer, wo Sie noch nicht nachgesehen haben. Ja und nein als yes und no oder 1 und 0 gehen auch.</translation>
    </message>
    <message>
        <source>Reference polygons</source>
        <translation>Referenzpolygone</translation>
    </message>
    <message>
        <source>Landslides known to be true. They judge instead of your marks.</source>
        <translation>Hangrutschungen, die sicher sind. Sie urteilen anstelle Ihrer Einträge.</translation>
    </message>
    <message>
        <source>Area where the reference is complete</source>
        <translation>Gebiet, in dem die Referenz vollständig ist</translation>
    </message>
    <message>
        <source>Polygons; only landslide polygons with at least half of their area in it are judged by the reference.</source>
        <translation>Polygone; nur Hangrutschungspolygone, die mindestens zur Hälfte darin liegen, werden nach der Referenz beurteilt.</translation>
    </message>
    <message>
        <source>Verifier that has learned elsewhere</source>
        <translation>Anderswo gelerntes Prüfmodell</translation>
    </message>
    <message>
        <source>A .safetensors file that was written as &apos;Verifier&apos; here before. Nothing is learned then; your marks, if there are any, measure how good it is here.</source>
        <translation>Eine .safetensors-Datei, die hier früher als „Prüfmodell“ geschrieben wurde. Es wird dann nichts gelernt; Ihre Urteile, falls es welche gibt, messen, wie gut es hier ist.</translation>
    </message>
    <message>
        <source>Polygons from this probability on count as right in the figures; the verdict leaves a margin around it.</source>
        <translation>Polygone ab dieser Wahrscheinlichkeit zählen in den Kennzahlen als richtig; das Urteil lässt einen Bereich darum herum offen.</translation>
    </message>
    <message>
        <source>Margin without a verdict (probability)</source>
        <translation>Bereich ohne Urteil (Wahrscheinlichkeit)</translation>
    </message>
    <message>
        <source>On both sides of the threshold, polygons are &apos;unsure&apos;: look at these first.</source>
        <translation>Beiderseits des Schwellenwerts gelten Polygone als „unsure“ (unsicher): diese zuerst ansehen.</translation>
    </message>
    <message>
        <source>Share that the reference must cover</source>
        <translation>Anteil, den die Referenz abdecken muss</translation>
    </message>
    <message>
        <source>A polygon of which the reference covers at least this share of the area is right.</source>
        <translation>Ein Polygon, dessen Fläche die Referenz mindestens zu diesem Anteil abdeckt, ist richtig.</translation>
    </message>
    <message>
        <source>Attributes to look at</source>
        <translation>Zu betrachtende Attribute</translation>
    </message>
    <message>
        <source>Number fields, comma separated. Unset: form, relief, vegetation and probability, as Scarp writes them.</source>
        <translation>Zahlenfelder, durch Kommas getrennt. Ohne Angabe: Form, Relief, Vegetation und Wahrscheinlichkeit, wie Scarp sie schreibt.</translation>
    </message>
    <message>
        <source>Side of the blocks left out (m)</source>
        <translation>Seitenlänge der zurückgehaltenen Blöcke (m)</translation>
    </message>
    <message>
        <source>The figures come from square blocks of the map that are left out in turn. Unset: a sixth of the map.</source>
        <translation>Die Kennzahlen stammen aus quadratischen Blöcken der Karte, die der Reihe nach zurückgehalten werden. Ohne Angabe: ein Sechstel der Karte.</translation>
    </message>
    <message>
        <source>Trees</source>
        <translation>Bäume</translation>
    </message>
    <message>
        <source>Of the forest. More are steadier and slower.</source>
        <translation>Des Waldes. Mehr Bäume sind stabiler und langsamer.</translation>
    </message>
    <message>
        <source>Where chance starts from: the same seed gives the same verifier.</source>
        <translation>Wo der Zufall beginnt: derselbe Startwert ergibt dasselbe Prüfmodell.</translation>
    </message>
    <message>
        <source>Verified landslides</source>
        <translation>Geprüfte Hangrutschungen</translation>
    </message>
    <message>
        <source>GeoPackage: the polygons as they were, with the fields verified (0 to 1), verdict and verdict_by.</source>
        <translation>GeoPackage: die Polygone, wie sie waren, mit den Feldern verified (0 bis 1), verdict und verdict_by.</translation>
    </message>
    <message>
        <source>Verifier</source>
        <translation>Prüfmodell</translation>
    </message>
    <message>
        <source>File with the forest and what it has learned from, to be used on other maps. It cannot run code.</source>
        <translation>Datei mit dem Wald und dem, woraus er gelernt hat, für andere Karten. Sie kann keinen Code ausführen.</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>HTML: figures in blocks left out, what is gained at which threshold, and the attributes that matter.</source>
        <translation>HTML: Kennzahlen in zurückgehaltenen Blöcken, was bei welchem Schwellenwert gewonnen wird, und die Attribute, auf die es ankommt.</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <source>Polygons that are right</source>
        <translation>Richtige Polygone</translation>
    </message>
    <message>
        <source>Polygons that are wrong</source>
        <translation>Falsche Polygone</translation>
    </message>
    <message>
        <source>Polygons without a clear verdict</source>
        <translation>Polygone ohne klares Urteil</translation>
    </message>
    <message>
        <source>Polygons judged by you or the reference</source>
        <translation>Von Ihnen oder der Referenz beurteilte Polygone</translation>
    </message>
    <message>
        <source>Area under the ROC curve, of polygons in blocks left out</source>
        <translation>Fläche unter der ROC-Kurve, von Polygonen in zurückgehaltenen Blöcken</translation>
    </message>
    <message>
        <source>Share of right polygons among those kept, in blocks left out</source>
        <translation>Anteil richtiger Polygone an den behaltenen, in zurückgehaltenen Blöcken</translation>
    </message>
    <message>
        <source>Share of the right polygons that are kept, in blocks left out</source>
        <translation>Anteil der richtigen Polygone, der behalten wird, in zurückgehaltenen Blöcken</translation>
    </message>
    <message>
        <source>Verify landslide polygons</source>
        <translation>Hangrutschungspolygone prüfen</translation>
    </message>
    <message>
        <source>Learn from the polygons that you have judged which of the others are landslides.</source>
        <translation>Lernt aus den Polygonen, die Sie beurteilt haben, welche der übrigen Hangrutschungen sind.</translation>
    </message>
    <message>
        <source>Inputs: the polygons of &apos;Map landslides&apos;, some of which you have marked as right or wrong in the field &apos;reviewed&apos;, at least 10 of each. Or reference polygons, and the area where they are complete: a polygon is right if they cover enough of it. Or a verifier that has learned elsewhere.</source>
        <translation>Eingaben: die Polygone von „Hangrutschungen kartieren“, von denen Sie einige im Feld „reviewed“ als richtig (right) oder falsch (wrong) gekennzeichnet haben, je mindestens 10. Oder Referenzpolygone und das Gebiet, in dem sie vollständig sind: ein Polygon ist richtig, wenn sie genug davon abdecken. Oder ein anderswo gelerntes Prüfmodell.</translation>
    </message>
    <message>
        <source>Outputs, each of them optional: the polygons with the probability of being a landslide (verified), a verdict (right, wrong or unsure) and who gave it; the verifier, for other maps of the same network; and a report.</source>
        <translation>Ausgaben, jede wahlfrei: die Polygone mit der Wahrscheinlichkeit, eine Hangrutschung zu sein (verified), einem Urteil (right, wrong oder unsure) und dessen Herkunft; das Prüfmodell, für andere Karten desselben Netzes; und ein Bericht.</translation>
    </message>
    <message>
        <source>A forest of decision trees looks at the form, the relief and the probability of each polygon. How good it is, is measured in blocks of the map that it has not learned from, and stands in log and report. It removes false alarms; it finds no landslide that the map has missed.</source>
        <translation>Ein Wald von Entscheidungsbäumen betrachtet Form, Relief und Wahrscheinlichkeit jedes Polygons. Wie gut er ist, wird in Blöcken der Karte gemessen, aus denen er nicht gelernt hat, und steht in Protokoll und Bericht. Er entfernt Fehlalarme; Hangrutschungen, die der Karte fehlen, findet er nicht.</translation>
    </message>
    <message>
        <source>Mark polygons all over the map, doubtful ones too, and not only where the network was trained: there it is better than elsewhere, and a verifier that has seen only clear cases fails at the others.</source>
        <translation>Beurteilen Sie Polygone auf der ganzen Karte, auch zweifelhafte, und nicht nur dort, wo das Netz trainiert wurde: dort ist es besser als anderswo, und ein Prüfmodell, das nur klare Fälle gesehen hat, versagt bei den anderen.</translation>
    </message>
    <message>
        <source>Where the polygons are complete: what lies inside and is no landslide is learned as such, what lies outside is not used. Unset: the whole scene.</source>
        <translation>Wo die Polygone vollständig sind: was darin liegt und keine Hangrutschung ist, wird als solches gelernt; was außerhalb liegt, wird nicht verwendet. Ohne Angabe: die ganze Szene.</translation>
    </message>
    <message>
        <source>Or, instead of bands and polygons: folder of chips</source>
        <translation>Oder, statt Kanälen und Polygonen: Ordner mit Bildausschnitten</translation>
    </message>
    <message>
        <source>Instead of bands and polygons: Landslide4Sense as downloaded (img, mask), or folders &apos;image&apos; and &apos;mask&apos; with files of the same name.</source>
        <translation>Statt Kanälen und Polygonen: Landslide4Sense, wie heruntergeladen (img, mask), oder Ordner „image“ und „mask“ mit gleichnamigen Dateien.</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>How often the network sees all chips. The best epoch on the validation part is kept.</source>
        <translation>Wie oft das Netz alle Bildausschnitte sieht. Die beste Epoche auf dem Validierungsteil wird behalten.</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Outputs of the network</source>
        <translation>Ausgaben des Netzes</translation>
    </message>
    <message>
        <source>single: the mask. dual: the mask, and whether a chip holds a landslide. multires: the mask at three resolutions.</source>
        <translation>single: die Maske. dual: die Maske, und ob ein Bildausschnitt eine Hangrutschung enthält. multires: die Maske in drei Auflösungen.</translation>
    </message>
    <message>
        <source>Bands the network reads (preset or list)</source>
        <translation>Kanäle, die das Netz liest (Vorgabe oder Liste)</translation>
    </message>
    <message>
        <source>auto: all engineered bands whose inputs are there, or those of the checkpoint to start from. A preset (bands23, sentinel21, rgb3, rgb4dem, ...) or a list of channels, as in &apos;Build engineered bands&apos;.</source>
        <translation>auto: alle abgeleiteten Kanäle, deren Eingaben vorhanden sind, oder die des Checkpoints, von dem ausgegangen wird. Eine Vorgabe (bands23, sentinel21, rgb3, rgb4dem, ...) oder eine Liste von Kanälen wie bei „Abgeleitete Kanäle berechnen“.</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlustfunktion</translation>
    </message>
    <message>
        <source>focal_iou: focal loss + IoU loss, the best of the published comparison.</source>
        <translation>focal_iou: Focal Loss + IoU-Verlust, die beste des veröffentlichten Vergleichs.</translation>
    </message>
    <message>
        <source>Share of the first loss (combined losses)</source>
        <translation>Anteil des ersten Verlusts (zusammengesetzte Verlustfunktionen)</translation>
    </message>
    <message>
        <source>For losses of two parts: alpha x first + (1 - alpha) x second. Unset: both with weight 1.</source>
        <translation>Für Verlustfunktionen aus zwei Teilen: alpha x erster + (1 - alpha) x zweiter. Ohne Angabe: beide mit Gewicht 1.</translation>
    </message>
    <message>
        <source>Start from checkpoint</source>
        <translation>Von Checkpoint ausgehen</translation>
    </message>
    <message>
        <source>A checkpoint to fine-tune on your data; ARCHITECTURE must name its network. With FEATURES=auto its bands are used. Another HEAD starts anew, and so do bands that it does not know.</source>
        <translation>Ein Checkpoint, der auf Ihren Daten nachtrainiert wird; ARCHITECTURE muss sein Netz nennen. Mit FEATURES=auto werden seine Kanäle verwendet. Ein anderer HEAD beginnt von vorn, ebenso Kanäle, die er nicht kennt.</translation>
    </message>
    <message>
        <source>Keep the encoder of that checkpoint</source>
        <translation>Encoder dieses Checkpoints behalten</translation>
    </message>
    <message>
        <source>With a checkpoint to start from: only decoder and heads learn. For very few chips, or to save time.</source>
        <translation>Mit einem Checkpoint, von dem ausgegangen wird: nur Decoder und Köpfe lernen. Für sehr wenige Bildausschnitte, oder um Zeit zu sparen.</translation>
    </message>
    <message>
        <source>Resume (state file)</source>
        <translation>Fortsetzen (Zustandsdatei)</translation>
    </message>
    <message>
        <source>The state file that a cancelled training left beside its checkpoint.</source>
        <translation>Die Zustandsdatei, die ein abgebrochenes Training neben seinem Checkpoint hinterlassen hat.</translation>
    </message>
    <message>
        <source>Side of the chips cut from a scene, a multiple of 32. Chip folders keep theirs.</source>
        <translation>Seitenlänge der aus einer Szene geschnittenen Bildausschnitte, ein Vielfaches von 32. Ordner mit Bildausschnitten behalten die ihre.</translation>
    </message>
    <message>
        <source>turned by 0, 90, 180 or 270 degrees</source>
        <translation>gedreht um 0, 90, 180 oder 270 Grad</translation>
    </message>
    <message>
        <source>mirrored left to right, or not</source>
        <translation>von links nach rechts gespiegelt oder nicht</translation>
    </message>
    <message>
        <source>half of the chips zoomed by 0.8 to 1.25</source>
        <translation>die Hälfte der Bildausschnitte um 0,8 bis 1,25 gezoomt</translation>
    </message>
    <message>
        <source>the landslides of 0, 1 or 2 other training chips copied in, as in the paper</source>
        <translation>die Hangrutschungen von 0, 1 oder 2 anderen Bildausschnitten des Trainings hineinkopiert, wie in der Publikation</translation>
    </message>
    <message>
        <source>a rectangle of another training chip put into half of the chips, with its labels</source>
        <translation>in die Hälfte der Bildausschnitte ein Rechteck eines anderen eingesetzt, mit dessen Kennzeichnung</translation>
    </message>
    <message>
        <source>half of the chips changed from L1C to what L2A would look like: no haze of clear air, no B10</source>
        <translation>die Hälfte der Bildausschnitte von L1C zu dem verändert, was L2A zeigen würde: ohne den Dunst der klaren Luft, ohne B10</translation>
    </message>
    <message>
        <source>other light, haze, gains and offsets of the bands, elevation shifted by some metres</source>
        <translation>anderes Licht, Dunst, Verstärkung und Versatz der Kanäle, Höhe um einige Meter verschoben</translation>
    </message>
    <message>
        <source>B10, B01 and B09, the red edge (B05, B06, B07, B8A), or slope and DEM missing at times, so that scenes without them can be mapped</source>
        <translation>B10, B01 und B09, die Red-Edge-Kanäle (B05, B06, B07, B8A) oder Neigung und Höhenmodell fehlen zuweilen, damit Szenen ohne sie kartiert werden können</translation>
    </message>
    <message>
        <source>How chips are changed at random, so that the network does not learn them by heart: none, or a comma-separated list of these. {list}.</source>
        <translation>Wie Bildausschnitte zufällig verändert werden, damit das Netz sie nicht auswendig lernt: none oder eine durch Kommas getrennte Liste aus diesen. {list}.</translation>
    </message>
    <message>
        <source>Augmentation (none, or a list)</source>
        <translation>Augmentierung (none oder eine Liste)</translation>
    </message>
    <message>
        <source>Share of chips with a landslide (0 to 1)</source>
        <translation>Anteil der Bildausschnitte mit Hangrutschung (0 bis 1)</translation>
    </message>
    <message>
        <source>So many of the chips shown in an epoch hold a landslide; of a scene, so many are cut near one. Unset: as in the data; of a scene, half.</source>
        <translation>So viele der in einer Epoche gezeigten Bildausschnitte enthalten eine Hangrutschung; bei einer Szene werden so viele in der Nähe einer Hangrutschung geschnitten. Ohne Angabe: wie in den Daten; bei einer Szene die Hälfte.</translation>
    </message>
    <message>
        <source>Chips in an epoch</source>
        <translation>Bildausschnitte je Epoche</translation>
    </message>
    <message>
        <source>Drawn anew in each epoch. Unset: all chips of the training part; for a scene, by its area.</source>
        <translation>In jeder Epoche neu gezogen. Ohne Angabe: alle Bildausschnitte des Trainingsteils; bei einer Szene nach ihrer Fläche.</translation>
    </message>
    <message>
        <source>Fold kept for the test</source>
        <translation>Für den Test zurückgehaltener Fold</translation>
    </message>
    <message>
        <source>Chip folders only. 1 to 5: this fifth of the chips, as in the publication, is not learned from. 0: none.</source>
        <translation>Nur für Ordner mit Bildausschnitten. 1 bis 5: aus diesem Fünftel der Bildausschnitte, wie in der Publikation, wird nicht gelernt. 0: keiner.</translation>
    </message>
    <message>
        <source>Block kept for the test</source>
        <translation>Für den Test zurückgehaltener Block</translation>
    </message>
    <message>
        <source>Instead of a fold, and with a gap around it: this one of so many contiguous blocks of the data is not learned from. 0: none.</source>
        <translation>Statt eines Folds und mit einem Abstand darum herum: aus diesem einen der zusammenhängenden Blöcke der Daten wird nicht gelernt. 0: keiner.</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>Blöcke</translation>
    </message>
    <message>
        <source>How many contiguous blocks the data are cut into, where one is kept for the test.</source>
        <translation>In wie viele zusammenhängende Blöcke die Daten geschnitten werden, wenn einer für den Test zurückgehalten wird.</translation>
    </message>
    <message>
        <source>Ids of the parts</source>
        <translation>Nummern der Teile</translation>
    </message>
    <message>
        <source>Chip folders only, and instead of a fold: train=1-2240, validate=2281-2640, test=2681-3039. Unset: a block of consecutive ids validates, with a gap.</source>
        <translation>Nur für Ordner mit Bildausschnitten und statt eines Folds: train=1-2240, validate=2281-2640, test=2681-3039. Ohne Angabe: ein Block aufeinanderfolgender Nummern validiert, mit einem Abstand.</translation>
    </message>
    <message>
        <source>Chip folders only: the column of their manifest.csv that tells the region of each chip.</source>
        <translation>Nur für Ordner mit Bildausschnitten: die Spalte ihrer manifest.csv, die für jeden die Region nennt.</translation>
    </message>
    <message>
        <source>Region kept for the test</source>
        <translation>Für den Test zurückgehaltene Region</translation>
    </message>
    <message>
        <source>A value of that column: this region is not learned from, and the figures are those on it.</source>
        <translation>Ein Wert dieser Spalte: aus dieser Region wird nicht gelernt, und die Kennzahlen sind die auf ihr.</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <source>adamw: Adam with decoupled weight decay.</source>
        <translation>adamw: Adam mit entkoppeltem Gewichtsabbau.</translation>
    </message>
    <message>
        <source>Learning rate schedule</source>
        <translation>Verlauf der Lernrate</translation>
    </message>
    <message>
        <source>cosine: falls smoothly to 0. steps: the published steps. one_cycle: rises, then falls. plateau: halved where the validation has not improved for 5 epochs. constant: stays.</source>
        <translation>cosine: fällt stetig auf 0. steps: die veröffentlichten Stufen. one_cycle: steigt, dann fällt sie. plateau: halbiert, wenn sich die Validierung 5 Epochen lang nicht verbessert hat. constant: bleibt.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>The highest of the training. Unset: 0.001.</source>
        <translation>Die höchste des Trainings. Ohne Angabe: 0,001.</translation>
    </message>
    <message>
        <source>Batch (chips at once)</source>
        <translation>Batch (Bildausschnitte auf einmal)</translation>
    </message>
    <message>
        <source>Unset: chosen for the size of the chips. It goes through in pieces when memory runs out.</source>
        <translation>Ohne Angabe: passend zur Größe der Bildausschnitte gewählt. Er läuft in Stücken hindurch, wenn der Speicher nicht reicht.</translation>
    </message>
    <message>
        <source>Batches in a step</source>
        <translation>Batches je Schritt</translation>
    </message>
    <message>
        <source>The gradients of so many batches are averaged before the weights change: as if the batch were larger, without its memory. BatchNorm and losses of areas (IoU, Dice) still see single batches.</source>
        <translation>Die Gradienten so vieler Batches werden gemittelt, bevor sich die Gewichte ändern: als wäre der Batch größer, ohne dessen Speicherbedarf. BatchNorm und Verlustfunktionen über Flächen (IoU, Dice) sehen weiterhin einzelne Batches.</translation>
    </message>
    <message>
        <source>Stop after epochs without progress (0: never)</source>
        <translation>Ende nach Epochen ohne Fortschritt (0: nie)</translation>
    </message>
    <message>
        <source>Ends the training when the F1 score on the validation part has not improved for so many epochs.</source>
        <translation>Beendet das Training, wenn sich das F1 auf dem Validierungsteil so viele Epochen lang nicht verbessert hat.</translation>
    </message>
    <message>
        <source>Decay of averaged weights (0: none)</source>
        <translation>Abklingen der gemittelten Gewichte (0: keine)</translation>
    </message>
    <message>
        <source>The checkpoint holds a moving average of the weights, which is steadier than the last step; 0.99 to 0.999 are usual, the closer to 1 the longer the memory in steps.</source>
        <translation>Der Checkpoint enthält einen gleitenden Mittelwert der Gewichte, der ruhiger ist als der letzte Schritt; üblich sind 0,99 bis 0,999: je näher an 1, desto mehr Schritte reicht das Gedächtnis zurück.</translation>
    </message>
    <message>
        <source>The same seed and inputs give the same network on the same device.</source>
        <translation>Derselbe Startwert und dieselben Eingaben ergeben auf demselben Gerät dasselbe Netz.</translation>
    </message>
    <message>
        <source>Same result on every run</source>
        <translation>In jedem Lauf dasselbe Ergebnis</translation>
    </message>
    <message>
        <source>Only kernels that give the same result each time, which makes GPUs slower, and PRECISION=auto is fp32.</source>
        <translation>Nur Rechenwege, die jedes Mal dasselbe ergeben; das macht GPUs langsamer, und PRECISION=auto ist fp32.</translation>
    </message>
    <message>
        <source>auto: what the device is fastest with and safe. fp32: plain.</source>
        <translation>auto: was auf dem Gerät am schnellsten und sicher ist. fp32: einfach.</translation>
    </message>
    <message>
        <source>The trained network with its card. A state file to resume from is written beside it.</source>
        <translation>Das trainierte Netz mit seinem Steckbrief. Eine Zustandsdatei zum Fortsetzen wird daneben geschrieben.</translation>
    </message>
    <message>
        <source>Training report</source>
        <translation>Trainingsbericht</translation>
    </message>
    <message>
        <source>HTML: figures, curves of loss and F1, what was trained on.</source>
        <translation>HTML: Kennzahlen, Verlauf von Verlust und F1, und worauf trainiert wurde.</translation>
    </message>
    <message>
        <source>F1, landslide class (validation)</source>
        <translation>F1, Klasse Hangrutschung (Validierung)</translation>
    </message>
    <message>
        <source>IoU, landslide class (validation)</source>
        <translation>IoU, Klasse Hangrutschung (Validierung)</translation>
    </message>
    <message>
        <source>F1, mean of both classes (validation)</source>
        <translation>F1, Mittel beider Klassen (Validierung)</translation>
    </message>
    <message>
        <source>IoU, mean of both classes (validation)</source>
        <translation>IoU, Mittel beider Klassen (Validierung)</translation>
    </message>
    <message>
        <source>Threshold chosen (probability)</source>
        <translation>Gewählter Schwellenwert (Wahrscheinlichkeit)</translation>
    </message>
    <message>
        <source>Train a network</source>
        <translation>Netz trainieren</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Train a network on your own landslide polygons, or on a folder of labelled chips.</source>
        <translation>Trainiert ein Netz auf Ihren eigenen Polygonen von Hangrutschungen oder auf einem Ordner gekennzeichneter Bildausschnitte.</translation>
    </message>
    <message>
        <source>Inputs: either bands (and a DEM) with landslide polygons and, if not all of the scene was interpreted, the area where the polygons are complete; or a folder of chips (Landslide4Sense as downloaded, or folders &apos;image&apos; and &apos;mask&apos;).</source>
        <translation>Eingaben: entweder Kanäle (und ein Höhenmodell) mit Polygonen der Hangrutschungen und, falls nicht die ganze Szene ausgewertet wurde, das Gebiet, in dem die Polygone vollständig sind; oder ein Ordner mit Bildausschnitten (Landslide4Sense, wie heruntergeladen, oder Ordner „image“ und „mask“).</translation>
    </message>
    <message>
        <source>Cancel loses at most one epoch: the state is written beside the checkpoint after each, and &apos;Resume&apos; goes on from there.</source>
        <translation>Ein Abbruch kostet höchstens eine Epoche: der Zustand wird nach jeder neben den Checkpoint geschrieben, und „Fortsetzen“ macht dort weiter.</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation>Folds</translation>
    </message>
    <message>
        <source>How many parts the data are cut into, and how many networks are trained.</source>
        <translation>In wie viele Teile die Daten geschnitten und wie viele Netze trainiert werden.</translation>
    </message>
    <message>
        <source>How folds are cut</source>
        <translation>Wie die Folds geschnitten werden</translation>
    </message>
    <message>
        <source>blocks: contiguous blocks with a gap around the tested one. paper: the five folds of the publication, which touch, for a comparison with its figures (chip folders only).</source>
        <translation>blocks: zusammenhängende Blöcke mit einem Abstand um den getesteten. paper: die fünf Folds der Publikation, die aneinandergrenzen, für einen Vergleich mit deren Kennzahlen (nur für Ordner mit Bildausschnitten).</translation>
    </message>
    <message>
        <source>Train only this fold (0: all)</source>
        <translation>Nur diesen Fold trainieren (0: alle)</translation>
    </message>
    <message>
        <source>To share the work between machines that write to one folder, or to look at one fold first. The table holds the folds that are finished.</source>
        <translation>Um die Arbeit auf Rechner zu verteilen, die in einen Ordner schreiben, oder um zuerst einen Fold anzusehen. Die Tabelle enthält die fertigen Folds.</translation>
    </message>
    <message>
        <source>Table of the folds</source>
        <translation>Tabelle der Folds</translation>
    </message>
    <message>
        <source>CSV with a row a fold, their mean, their standard deviation, and the figures of all pixels together. Checkpoints and reports of the folds lie in a folder of the same name beside it.</source>
        <translation>CSV mit einer Zeile je Fold, deren Mittel, deren Standardabweichung und den Kennzahlen aller Pixel zusammen. Checkpoints und Berichte der Folds liegen daneben in einem Ordner desselben Namens.</translation>
    </message>
    <message>
        <source>HTML: the folds, their mean and deviation, and published figures of the same data.</source>
        <translation>HTML: die Folds, deren Mittel und Abweichung, und veröffentlichte Kennzahlen derselben Daten.</translation>
    </message>
    <message>
        <source>F1, landslide class (mean of the folds)</source>
        <translation>F1, Klasse Hangrutschung (Mittel der Folds)</translation>
    </message>
    <message>
        <source>IoU, landslide class (mean of the folds)</source>
        <translation>IoU, Klasse Hangrutschung (Mittel der Folds)</translation>
    </message>
    <message>
        <source>F1, mean of both classes (mean of the folds)</source>
        <translation>F1, Mittel beider Klassen (Mittel der Folds)</translation>
    </message>
    <message>
        <source>IoU, mean of both classes (mean of the folds)</source>
        <translation>IoU, Mittel beider Klassen (Mittel der Folds)</translation>
    </message>
    <message>
        <source>F1, landslide class (standard deviation of the folds)</source>
        <translation>F1, Klasse Hangrutschung (Standardabweichung der Folds)</translation>
    </message>
    <message>
        <source>IoU, landslide class (standard deviation of the folds)</source>
        <translation>IoU, Klasse Hangrutschung (Standardabweichung der Folds)</translation>
    </message>
    <message>
        <source>F1, mean of both classes (standard deviation of the folds)</source>
        <translation>F1, Mittel beider Klassen (Standardabweichung der Folds)</translation>
    </message>
    <message>
        <source>IoU, mean of both classes (standard deviation of the folds)</source>
        <translation>IoU, Mittel beider Klassen (Standardabweichung der Folds)</translation>
    </message>
    <message>
        <source>Cross-validate a training</source>
        <translation>Training kreuzvalidieren</translation>
    </message>
    <message>
        <source>Train a network once for each fold of the data and test it there: how good a way of training really is.</source>
        <translation>Trainiert für jeden Fold der Daten einmal ein Netz und testet es dort: wie gut eine Art zu trainieren wirklich ist.</translation>
    </message>
    <message>
        <source>Inputs: as for &apos;Train a network&apos;. The data are cut into folds; each is tested once by a network that was trained on the others. Epoch and threshold are chosen on a validation part within these, never on the tested fold.</source>
        <translation>Eingaben: wie bei „Netz trainieren“. Die Daten werden in Folds geschnitten; jeder wird einmal von einem Netz getestet, das auf den anderen trainiert wurde. Epoche und Schwellenwert werden auf einem Validierungsteil innerhalb dieser gewählt, nie auf dem getesteten Fold.</translation>
    </message>
    <message>
        <source>Outputs: a table with the figures of each fold, their mean and their standard deviation, and a report that sets published figures of the same data beside them.</source>
        <translation>Ausgaben: eine Tabelle mit den Kennzahlen jedes Folds, deren Mittel und Standardabweichung, und ein Bericht, der veröffentlichte Kennzahlen derselben Daten danebenstellt.</translation>
    </message>
    <message>
        <source>It takes as long as so many trainings. Cancel loses at most one epoch: finished folds are kept in a folder beside the table, and the same parameters go on from there.</source>
        <translation>Es dauert so lange wie ebenso viele Trainings. Ein Abbruch kostet höchstens eine Epoche: fertige Folds bleiben in einem Ordner neben der Tabelle, und dieselben Parameter machen dort weiter.</translation>
    </message>
    <message>
        <source>Map to judge (mask, probability or polygons)</source>
        <translation>Zu beurteilende Karte (Maske, Wahrscheinlichkeit oder Polygone)</translation>
    </message>
    <message>
        <source>A landslide mask, a probability raster, or polygons.</source>
        <translation>Eine Maske der Hangrutschungen, ein Wahrscheinlichkeitsraster oder Polygone.</translation>
    </message>
    <message>
        <source>Reference (polygons or mask)</source>
        <translation>Referenz (Polygone oder Maske)</translation>
    </message>
    <message>
        <source>Landslides known to be true: polygons, or a mask raster (1 landslide, 0 none).</source>
        <translation>Hangrutschungen, die sicher sind: Polygone oder eine Maske (1 Hangrutschung, 0 keine).</translation>
    </message>
    <message>
        <source>Polygons where the reference is complete; nothing outside is scored. Unset: wherever the map has data.</source>
        <translation>Polygone, in denen die Referenz vollständig ist; außerhalb wird nichts bewertet. Ohne Angabe: überall, wo die Karte Daten hat.</translation>
    </message>
    <message>
        <source>For probability rasters: pixels from this probability on are landslide. Unset: the threshold that the raster was made with, else 0.5.</source>
        <translation>Für Wahrscheinlichkeitsraster: Pixel ab dieser Wahrscheinlichkeit sind Hangrutschung. Ohne Angabe: der Schwellenwert, mit dem das Raster entstand, sonst 0,5.</translation>
    </message>
    <message>
        <source>Use only the selected features</source>
        <translation>Nur die gewählten Objekte verwenden</translation>
    </message>
    <message>
        <source>For a map or reference of polygons: where features are selected in the project, only they count.</source>
        <translation>Für eine Karte oder Referenz aus Polygonen: wo im Projekt Objekte gewählt sind, zählen nur diese.</translation>
    </message>
    <message>
        <source>For the figures of whole landslides: smaller bodies are left out.</source>
        <translation>Für die Kennzahlen ganzer Hangrutschungen: kleinere Flächen werden ausgelassen.</translation>
    </message>
    <message>
        <source>Elevation in metres, for a table of the figures by slope in the report.</source>
        <translation>Höhe in Metern, für eine Tabelle der Kennzahlen nach Hangneigung im Bericht.</translation>
    </message>
    <message>
        <source>Blocks for the intervals (px)</source>
        <translation>Blöcke für die Intervalle (Pixel)</translation>
    </message>
    <message>
        <source>Side of the squares that are drawn with replacement for the 95 % intervals. They should be larger than most landslides, and there should be many: fewer than 10 give no intervals.</source>
        <translation>Seitenlänge der Quadrate, die für die 95-%-Intervalle mit Zurücklegen gezogen werden. Sie sollten größer als die meisten Hangrutschungen sein, und es sollten viele sein: weniger als 10 ergeben keine Intervalle.</translation>
    </message>
    <message>
        <source>Draws for the intervals</source>
        <translation>Ziehungen für die Intervalle</translation>
    </message>
    <message>
        <source>How often the blocks are drawn. 0: no intervals.</source>
        <translation>Wie oft die Blöcke gezogen werden. 0: keine Intervalle.</translation>
    </message>
    <message>
        <source>Error map</source>
        <translation>Fehlerkarte</translation>
    </message>
    <message>
        <source>GeoTIFF, 8-bit: found, missed, false alarm, correctly empty; nodata where nothing was scored.</source>
        <translation>GeoTIFF, 8 Bit: gefunden, übersehen, Fehlalarm, richtig leer; NoData, wo nichts bewertet wurde.</translation>
    </message>
    <message>
        <source>Assessment report</source>
        <translation>Bewertungsbericht</translation>
    </message>
    <message>
        <source>HTML with all figures and the picture of the error map.</source>
        <translation>HTML mit allen Kennzahlen und dem Bild der Fehlerkarte.</translation>
    </message>
    <message>
        <source>F1, landslide class</source>
        <translation>F1, Klasse Hangrutschung</translation>
    </message>
    <message>
        <source>IoU, landslide class</source>
        <translation>IoU, Klasse Hangrutschung</translation>
    </message>
    <message>
        <source>Precision, landslide class</source>
        <translation>Präzision, Klasse Hangrutschung</translation>
    </message>
    <message>
        <source>Recall, landslide class</source>
        <translation>Trefferquote (Recall), Klasse Hangrutschung</translation>
    </message>
    <message>
        <source>F1, mean of both classes</source>
        <translation>F1, Mittel beider Klassen</translation>
    </message>
    <message>
        <source>IoU, mean of both classes</source>
        <translation>IoU, Mittel beider Klassen</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Gesamtgenauigkeit</translation>
    </message>
    <message>
        <source>Area under the precision-recall curve</source>
        <translation>Fläche unter der Precision-Recall-Kurve</translation>
    </message>
    <message>
        <source>Area under the ROC curve</source>
        <translation>Fläche unter der ROC-Kurve</translation>
    </message>
    <message>
        <source>Expected calibration error</source>
        <translation>Erwarteter Kalibrierungsfehler</translation>
    </message>
    <message>
        <source>Precision of whole landslides (IoU from 0.3)</source>
        <translation>Präzision ganzer Hangrutschungen (IoU ab 0,3)</translation>
    </message>
    <message>
        <source>Recall of whole landslides (IoU from 0.3)</source>
        <translation>Trefferquote (Recall) ganzer Hangrutschungen (IoU ab 0,3)</translation>
    </message>
    <message>
        <source>F1 of whole landslides (IoU from 0.3)</source>
        <translation>F1 ganzer Hangrutschungen (IoU ab 0,3)</translation>
    </message>
    <message>
        <source>F1, landslide class: low end of the 95 % interval</source>
        <translation>F1, Klasse Hangrutschung: unteres Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>F1, landslide class: high end of the 95 % interval</source>
        <translation>F1, Klasse Hangrutschung: oberes Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>IoU, landslide class: low end of the 95 % interval</source>
        <translation>IoU, Klasse Hangrutschung: unteres Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>IoU, landslide class: high end of the 95 % interval</source>
        <translation>IoU, Klasse Hangrutschung: oberes Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>Distance of outlines of matched landslides, mean (m)</source>
        <translation>Abstand der Umrisse zugeordneter Hangrutschungen, Mittel (m)</translation>
    </message>
    <message>
        <source>Distance of outlines of matched landslides, 95 % (m)</source>
        <translation>Abstand der Umrisse zugeordneter Hangrutschungen, 95 % (m)</translation>
    </message>
    <message>
        <source>Assess a landslide map</source>
        <translation>Karte der Hangrutschungen bewerten</translation>
    </message>
    <message>
        <source>Assess</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>Compare a landslide map with a reference: figures, a map of the errors and a report.</source>
        <translation>Vergleicht eine Karte der Hangrutschungen mit einer Referenz: Kennzahlen, eine Karte der Fehler und ein Bericht.</translation>
    </message>
    <message>
        <source>Inputs: a mask, probability raster or polygons to judge; reference polygons or a reference mask; and the area where the reference is complete. Pixels outside it, and nodata, are not scored. Vector layers may be memory layers, and edits not yet saved count.</source>
        <translation>Eingaben: eine zu beurteilende Maske, ein Wahrscheinlichkeitsraster oder Polygone; Referenzpolygone oder eine Referenzmaske; und das Gebiet, in dem die Referenz vollständig ist. Pixel außerhalb und NoData werden nicht bewertet. Vektorlayer dürfen Memory-Layer sein, und noch nicht gespeicherte Änderungen zählen.</translation>
    </message>
    <message>
        <source>Outputs: figures for the landslide class and as means over both classes, each named in full; an error map (found, missed, false alarm); a report with the picture, 95 % intervals (blocks of the map drawn again and again), whole landslides by size, the distance of outlines, figures by slope (with a DEM), and curves to judge threshold and calibration of a probability. Figures that are undefined, such as the recall where the reference is empty, are NaN. AUPRC, AUROC and ECE need a probability raster.</source>
        <translation>Ausgaben: Kennzahlen für die Klasse Hangrutschung und als Mittel beider Klassen, jede mit vollem Namen; eine Fehlerkarte (gefunden, übersehen, Fehlalarm); ein Bericht mit dem Bild, 95-%-Intervallen (immer wieder neu gezogene Blöcke der Karte), ganzen Hangrutschungen nach Größe, dem Abstand der Umrisse, Kennzahlen nach Hangneigung (mit Höhenmodell) und Kurven, um Schwellenwert und Kalibrierung einer Wahrscheinlichkeit zu beurteilen. Nicht definierte Kennzahlen, etwa die Trefferquote bei leerer Referenz, sind NaN. AUPRC, AUROC und ECE brauchen ein Wahrscheinlichkeitsraster.</translation>
    </message>
    <message>
        <source>Judge a map only where its network was not trained.</source>
        <translation>Eine Karte nur dort beurteilen, wo ihr Netz nicht trainiert wurde.</translation>
    </message>
    <message>
        <source>A .safetensors file, or the name of a checkpoint that comes with Scarp.</source>
        <translation>Eine .safetensors-Datei oder der Name eines Checkpoints, der mit Scarp kommt.</translation>
    </message>
    <message>
        <source>Chips with masks: Landslide4Sense as downloaded (img, mask), or folders &apos;image&apos; and &apos;mask&apos; with files of the same name.</source>
        <translation>Bildausschnitte mit Masken: Landslide4Sense, wie heruntergeladen (img, mask), oder Ordner „image“ und „mask“ mit gleichnamigen Dateien.</translation>
    </message>
    <message>
        <source>Pixels from this probability on are landslide. Unset: the checkpoint&apos;s threshold.</source>
        <translation>Pixel ab dieser Wahrscheinlichkeit sind Hangrutschung. Ohne Angabe: der Schwellenwert des Checkpoints.</translation>
    </message>
    <message>
        <source>Smallest landslide (px)</source>
        <translation>Kleinste Hangrutschung (Pixel)</translation>
    </message>
    <message>
        <source>Test-time augmentation</source>
        <translation>Augmentierung beim Test</translation>
    </message>
    <message>
        <source>none; rotations: mean of four quarter turns; all: of these and their mirror images. Slower, and often a little better.</source>
        <translation>none: keine; rotations: Mittel über vier Vierteldrehungen; all: über diese und ihre Spiegelbilder. Langsamer und oft etwas besser.</translation>
    </message>
    <message>
        <source>Average the three resolutions</source>
        <translation>Die drei Auflösungen mitteln</translation>
    </message>
    <message>
        <source>For checkpoints trained with HEAD=multires.</source>
        <translation>Für Checkpoints, die mit HEAD=multires trainiert wurden.</translation>
    </message>
    <message>
        <source>Unset: chosen for the device.</source>
        <translation>Ohne Angabe: passend zum Gerät gewählt.</translation>
    </message>
    <message>
        <source>Of the draws behind the intervals.</source>
        <translation>Der Ziehungen hinter den Intervallen.</translation>
    </message>
    <message>
        <source>HTML with all figures, curves, and the best and the worst chips.</source>
        <translation>HTML mit allen Kennzahlen, Kurven und den besten und schlechtesten Bildausschnitten.</translation>
    </message>
    <message>
        <source>Table of the chips</source>
        <translation>Tabelle der Bildausschnitte</translation>
    </message>
    <message>
        <source>CSV with a row a chip: counts of pixels, F1 and IoU of the landslide class, share of landslide, mean probability.</source>
        <translation>CSV mit einer Zeile je Bildausschnitt: Anzahl der Pixel, F1 und IoU der Klasse Hangrutschung, Anteil der Hangrutschungen, mittlere Wahrscheinlichkeit.</translation>
    </message>
    <message>
        <source>F1, landslide class, low end of the 95 % interval</source>
        <translation>F1, Klasse Hangrutschung, unteres Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>F1, landslide class, high end of the 95 % interval</source>
        <translation>F1, Klasse Hangrutschung, oberes Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>IoU, landslide class, low end of the 95 % interval</source>
        <translation>IoU, Klasse Hangrutschung, unteres Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>IoU, landslide class, high end of the 95 % interval</source>
        <translation>IoU, Klasse Hangrutschung, oberes Ende des 95-%-Intervalls</translation>
    </message>
    <message>
        <source>Threshold that was applied (probability)</source>
        <translation>Angewandter Schwellenwert (Wahrscheinlichkeit)</translation>
    </message>
    <message>
        <source>Judge a checkpoint on chips</source>
        <translation>Checkpoint an Bildausschnitten beurteilen</translation>
    </message>
    <message>
        <source>Judge a checkpoint on a folder of labelled chips: figures with intervals, a table of the chips and a report.</source>
        <translation>Beurteilt einen Checkpoint an einem Ordner gekennzeichneter Bildausschnitte: Kennzahlen mit Intervallen, eine Tabelle der Bildausschnitte und ein Bericht.</translation>
    </message>
    <message>
        <source>Inputs: a checkpoint, and a folder of chips with masks (as for &apos;Train a network&apos;) that it was not trained on. The chips must hold the bands that the checkpoint needs; others are not used.</source>
        <translation>Eingaben: ein Checkpoint und ein Ordner mit Bildausschnitten samt Masken (wie bei „Netz trainieren“), auf denen er nicht trainiert wurde. Die Bildausschnitte müssen die Kanäle enthalten, die der Checkpoint braucht; andere werden nicht verwendet.</translation>
    </message>
    <message>
        <source>Outputs: figures for the landslide class and as means over both classes, each named in full, pooled over all chips, with 95 % intervals; a table with a row a chip; a report with curves and with the best and the worst chips.</source>
        <translation>Ausgaben: Kennzahlen für die Klasse Hangrutschung und als Mittel beider Klassen, jede mit vollem Namen, über alle Bildausschnitte zusammen, mit 95-%-Intervallen; eine Tabelle mit einer Zeile je Bildausschnitt; ein Bericht mit Kurven und mit den besten und den schlechtesten Bildausschnitten.</translation>
    </message>
    <message>
        <source>Chips of another size than those of the training are taken whole; a network that sees a whole chip at once gets them in pieces of its own size.</source>
        <translation>Bildausschnitte von anderer Größe als im Training werden ganz genommen; ein Netz, das einen Bildausschnitt als Ganzes betrachtet, bekommt sie in Stücken seiner eigenen Größe.</translation>
    </message>
    <message>
        <source>Stage of the network (deep, full or a number)</source>
        <translation>Stufe des Netzes (deep, full oder eine Nummer)</translation>
    </message>
    <message>
        <source>deep: the deepest map, which knows most of the surroundings and is coarse. full: the last map, as sharp as the scene. A number: a block, counted from 1 at the input; a wrong one is answered with the list.</source>
        <translation>deep: die tiefste Merkmalskarte, die am meisten von der Umgebung weiß und grob ist. full: die letzte, so scharf wie die Szene. Eine Nummer: ein Block, von der Eingabe an ab 1 gezählt; auf eine falsche folgt die Liste.</translation>
    </message>
    <message>
        <source>Pixels from this probability on are landslide, and are what is explained. Unset: the threshold chosen in training.</source>
        <translation>Pixel ab dieser Wahrscheinlichkeit sind Hangrutschung und werden erklärt. Ohne Angabe: der im Training gewählte Schwellenwert.</translation>
    </message>
    <message>
        <source>Bands taken away at a time</source>
        <translation>Kanäle, die auf einmal weggenommen werden</translation>
    </message>
    <message>
        <source>For report and table. groups: visible, near infrared, terrain, ...; channels: each by itself, which takes longer, and the others stand in for it.</source>
        <translation>Für Bericht und Tabelle. groups: sichtbares Licht, nahes Infrarot, Gelände, ...; channels: jeder für sich, was länger dauert, und die anderen springen für ihn ein.</translation>
    </message>
    <message>
        <source>Tiles that bands are taken away from</source>
        <translation>Kacheln, denen Kanäle weggenommen werden</translation>
    </message>
    <message>
        <source>For report and table: that many tiles, spread over the extent, half of them with mapped landslides.</source>
        <translation>Für Bericht und Tabelle: so viele Kacheln, über die Ausdehnung verteilt, die Hälfte davon mit kartierten Hangrutschungen.</translation>
    </message>
    <message>
        <source>Side of a tile, a multiple of 32. Unset: chosen. Smaller ones take less memory.</source>
        <translation>Seitenlänge einer Kachel, ein Vielfaches von 32. Ohne Angabe: gewählt. Kleinere brauchen weniger Speicher.</translation>
    </message>
    <message>
        <source>Overlap (share of the tile)</source>
        <translation>Überlappung (Anteil der Kachel)</translation>
    </message>
    <message>
        <source>What neighbouring tiles share. Unset: as much as the network needs to see.</source>
        <translation>Was benachbarte Kacheln gemeinsam haben. Ohne Angabe: so viel, wie das Netz sehen muss.</translation>
    </message>
    <message>
        <source>Grad-CAM</source>
        <translation>Grad-CAM</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit float: heat as a share of its maximum in the extent, 0 to 1.</source>
        <translation>GeoTIFF, 32-Bit-Gleitkomma: Aktivierung als Anteil ihres Höchstwerts in der Ausdehnung, 0 bis 1.</translation>
    </message>
    <message>
        <source>HTML with the heat map, and a chart of the bands that matter.</source>
        <translation>HTML mit der Heatmap und einem Diagramm der Kanäle, auf die es ankommt.</translation>
    </message>
    <message>
        <source>Table of bands</source>
        <translation>Tabelle der Kanäle</translation>
    </message>
    <message>
        <source>CSV, one row a group of bands: mean probability without it inside mapped landslides and elsewhere.</source>
        <translation>CSV, eine Zeile je Kanalgruppe: mittlere Wahrscheinlichkeit ohne sie, in kartierten Hangrutschungen und anderswo.</translation>
    </message>
    <message>
        <source>Pixels mapped as landslide</source>
        <translation>Als Hangrutschung kartierte Pixel</translation>
    </message>
    <message>
        <source>Seconds it took</source>
        <translation>Sekunden, die es dauerte</translation>
    </message>
    <message>
        <source>Explain a network</source>
        <translation>Netz erklären</translation>
    </message>
    <message>
        <source>Show what a network looks at when it maps landslides: a heat map, and the bands that matter.</source>
        <translation>Zeigt, worauf ein Netz achtet, wenn es Hangrutschungen kartiert: eine Heatmap und die Kanäle, auf die es ankommt.</translation>
    </message>
    <message>
        <source>Inputs: the scene and the checkpoint, as for &apos;Map landslides&apos;. Choose an extent with landslides that you know: explaining takes about four times as long as mapping.</source>
        <translation>Eingaben: die Szene und der Checkpoint, wie bei „Hangrutschungen kartieren“. Wählen Sie eine Ausdehnung mit Hangrutschungen, die Sie kennen: das Erklären dauert etwa viermal so lange wie das Kartieren.</translation>
    </message>
    <message>
        <source>Outputs: a Grad-CAM heat map (0 to 1; nodata -9999): bright places hold what speaks for the landslides that are mapped in the extent, at a stage of the network that you choose. A report and a table, both optional: how much the probability falls inside the mapped landslides, and rises elsewhere, when a group of bands is taken away.</source>
        <translation>Ausgaben: eine Heatmap nach Grad-CAM (0 bis 1; NoData -9999): helle Stellen enthalten, was für die in der Ausdehnung kartierten Hangrutschungen spricht, auf einer Stufe des Netzes, die Sie wählen. Ein Bericht und eine Tabelle, beide wahlfrei: wie weit die Wahrscheinlichkeit in den kartierten Hangrutschungen fällt und anderswo steigt, wenn eine Gruppe von Kanälen weggenommen wird.</translation>
    </message>
    <message>
        <source>One scale holds for the whole extent: two places of a heat map can be compared, two heat maps cannot. A heat map shows where the network looks, not whether it is right.</source>
        <translation>Eine Skala gilt für die ganze Ausdehnung: zwei Stellen einer Heatmap lassen sich vergleichen, zwei Heatmaps nicht. Eine Heatmap zeigt, wohin das Netz schaut, nicht, ob es recht hat.</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>The checkpoint&apos;s card as an HTML page.</source>
        <translation>Der Steckbrief des Checkpoints als HTML-Seite.</translation>
    </message>
    <message>
        <source>Describe a checkpoint</source>
        <translation>Checkpoint beschreiben</translation>
    </message>
    <message>
        <source>Show the card of a checkpoint: what it was trained on, which bands it needs, and how good it was.</source>
        <translation>Zeigt den Steckbrief eines Checkpoints: worauf er trainiert wurde, welche Kanäle er braucht und wie gut er war.</translation>
    </message>
    <message>
        <source>Input: a .safetensors file written by &apos;Train a network&apos;, or the name of a checkpoint that comes with Scarp.</source>
        <translation>Eingabe: eine .safetensors-Datei von „Netz trainieren“ oder der Name eines Checkpoints, der mit Scarp kommt.</translation>
    </message>
    <message>
        <source>Output: an HTML page: network, bands in order, ground sampling distance (m), threshold and how it was chosen, training data with attribution, and all figures by their full names.</source>
        <translation>Ausgabe: eine HTML-Seite: Netz, Kanäle in ihrer Reihenfolge, Bodenauflösung (m), Schwellenwert und wie er gewählt wurde, Trainingsdaten mit Namensnennung und alle Kennzahlen mit vollem Namen.</translation>
    </message>
    <message>
        <source>Device (auto, cpu, cuda)</source>
        <translation>Gerät (auto, cpu, cuda)</translation>
    </message>
    <message>
        <source>auto: for the NVIDIA GPU where there is one whose driver will do, else for the CPU.</source>
        <translation>auto: für die NVIDIA-GPU, wo es eine gibt, deren Treiber genügt, sonst für die CPU.</translation>
    </message>
    <message>
        <source>Where the environment goes. Unset: Scarp&apos;s folder in your user data. Another folder is remembered in the options.</source>
        <translation>Wohin die Umgebung kommt. Ohne Angabe: Scarps Ordner in Ihren Benutzerdaten. Ein anderer Ordner wird in den Optionen gemerkt.</translation>
    </message>
    <message>
        <source>Python of the runtime</source>
        <translation>Python der Laufzeitumgebung</translation>
    </message>
    <message>
        <source>Set up the runtime</source>
        <translation>Laufzeitumgebung einrichten</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>Einrichten</translation>
    </message>
    <message>
        <source>Inputs: the device it is for, and the folder, unless the usual one in your user data will do.</source>
        <translation>Eingaben: das Gerät, für das sie bestimmt ist, und der Ordner, sofern nicht der übliche in Ihren Benutzerdaten genügt.</translation>
    </message>
    <message>
        <source>Output: an HTML page that says what the new environment can do.</source>
        <translation>Ausgabe: eine HTML-Seite, die sagt, was die neue Umgebung kann.</translation>
    </message>
    <message>
        <source>Folder of the runtime</source>
        <translation>Ordner der Laufzeitumgebung</translation>
    </message>
    <message>
        <source>An environment to look at. Unset: the one that jobs would use.</source>
        <translation>Eine Umgebung, die angesehen wird. Ohne Angabe: die, die Aufträge verwenden würden.</translation>
    </message>
    <message>
        <source>What was found, as an HTML page.</source>
        <translation>Was gefunden wurde, als HTML-Seite.</translation>
    </message>
    <message>
        <source>Whether jobs can run</source>
        <translation>Ob Aufträge laufen können</translation>
    </message>
    <message>
        <source>What was found, as JSON</source>
        <translation>Was gefunden wurde, als JSON</translation>
    </message>
    <message>
        <source>Check the runtime</source>
        <translation>Laufzeitumgebung prüfen</translation>
    </message>
    <message>
        <source>Say which Python runs Scarp&apos;s networks, what it can do, what is missing, and the fix.</source>
        <translation>Sagt, welches Python Scarps Netze ausführt, was es kann, was fehlt und wie es sich beheben lässt.</translation>
    </message>
    <message>
        <source>Every package is really imported, and every device really computes something. Nothing is changed.</source>
        <translation>Jedes Paket wird wirklich importiert, und jedes Gerät rechnet wirklich etwas. Nichts wird verändert.</translation>
    </message>
    <message>
        <source>Output: an HTML page with versions, devices, free memory, problems and fixes; the same facts as JSON.</source>
        <translation>Ausgabe: eine HTML-Seite mit Versionen, Geräten, freiem Speicher, Problemen und deren Behebung; dieselben Angaben als JSON.</translation>
    </message>
    <message>
        <source>Maps a scene with two checkpoints and compares both maps with the same reference, each at the threshold of its checkpoint.

The comparison is fair only where neither of them was trained: give that part as interpreted area.

Open it in the Model Designer to change it to your needs.</source>
        <translation>Kartiert eine Szene mit zwei Checkpoints und vergleicht beide Karten mit derselben Referenz, jede mit dem Schwellenwert ihres Checkpoints.

Der Vergleich ist nur dort gerecht, wo keiner von beiden trainiert wurde: geben Sie diesen Teil als ausgewertetes Gebiet an.

Öffnen Sie das Modell im Modelldesigner, um es Ihren Bedürfnissen anzupassen.</translation>
    </message>
    <message>
        <source>Map a scene with two checkpoints, and judge both by one reference.</source>
        <translation>Eine Szene mit zwei Checkpoints kartieren und beide an einer Referenz messen.</translation>
    </message>
    <message>
        <source>First checkpoint</source>
        <translation>Erster Checkpoint</translation>
    </message>
    <message>
        <source>Second checkpoint</source>
        <translation>Zweiter Checkpoint</translation>
    </message>
    <message>
        <source>Maps the landslides of an event with a checkpoint, puts a point into each of them for overview maps and field work, and adds up number and area by confidence.

A checkpoint that was trained elsewhere loses much of its accuracy: look at the map before you hand it on.

Open it in the Model Designer to change it to your needs.</source>
        <translation>Kartiert die Hangrutschungen eines Ereignisses mit einem Checkpoint, setzt für Übersichtskarten und die Arbeit im Gelände einen Punkt in jede und zählt Anzahl und Fläche nach Zuverlässigkeit zusammen.

Ein Checkpoint, der anderswo trainiert wurde, verliert viel von seiner Genauigkeit: sehen Sie die Karte an, bevor Sie sie weitergeben.

Öffnen Sie das Modell im Modelldesigner, um es Ihren Bedürfnissen anzupassen.</translation>
    </message>
    <message>
        <source>Map the landslides of an event, with a point and a table for the report.</source>
        <translation>Die Hangrutschungen eines Ereignisses kartieren, mit einem Punkt für jede und einer Tabelle für den Bericht.</translation>
    </message>
    <message>
        <source>Builds the engineered bands of a scene, maps its landslides with a checkpoint, and compares the map with reference polygons.

Open it in the Model Designer to see how Scarp&apos;s algorithms are put together, and change it to your needs.</source>
        <translation>Berechnet die abgeleiteten Kanäle einer Szene, kartiert ihre Hangrutschungen mit einem Checkpoint und vergleicht die Karte mit Referenzpolygonen.

Öffnen Sie das Modell im Modelldesigner, um zu sehen, wie Scarps Algorithmen zusammenspielen, und um es Ihren Bedürfnissen anzupassen.</translation>
    </message>
    <message>
        <source>Build bands, map landslides, and assess the map.</source>
        <translation>Kanäle berechnen, Hangrutschungen kartieren und die Karte bewerten.</translation>
    </message>
    <message>
        <source>Trains a network on landslide polygons that you have drawn in a part of a scene, or have corrected in a map of it, and maps the whole scene with it. Polygons marked as wrong in the field &quot;reviewed&quot; are left out.

Draw all landslides of one part, and a polygon around that part (interpreted area). With a checkpoint to start from, &quot;Network&quot; must name its network.

Open it in the Model Designer to change it to your needs.</source>
        <translation>Trainiert ein Netz auf Polygonen von Hangrutschungen, die Sie in einem Teil einer Szene gezeichnet oder in einer Karte davon berichtigt haben, und kartiert damit die ganze Szene. Polygone, die im Feld „reviewed“ als falsch (wrong) gekennzeichnet sind, werden ausgelassen.

Zeichnen Sie alle Hangrutschungen eines Teils und ein Polygon um diesen Teil (ausgewertetes Gebiet). Wenn von einem Checkpoint ausgegangen wird, muss „Netz“ dessen Netz nennen.

Öffnen Sie das Modell im Modelldesigner, um es Ihren Bedürfnissen anzupassen.</translation>
    </message>
    <message>
        <source>Train on your polygons, and map the whole scene with the new network.</source>
        <translation>Auf Ihren Polygonen trainieren und die ganze Szene mit dem neuen Netz kartieren.</translation>
    </message>
    <message>
        <source>Compare two checkpoints</source>
        <translation>Zwei Checkpoints vergleichen</translation>
    </message>
    <message>
        <source>Map an event</source>
        <translation>Ein Ereignis kartieren</translation>
    </message>
    <message>
        <source>Map and assess</source>
        <translation>Kartieren und bewerten</translation>
    </message>
    <message>
        <source>Train and map</source>
        <translation>Trainieren und kartieren</translation>
    </message>
    <message>
        <source>The runtime is ready.</source>
        <translation>Die Laufzeitumgebung ist bereit.</translation>
    </message>
    <message>
        <source>The runtime cannot run jobs yet.</source>
        <translation>Die Laufzeitumgebung kann noch keine Aufträge ausführen.</translation>
    </message>
    <message>
        <source>The table is a temporary file, and so are the folds beside it: choose a file name to be able to go on after a cancel.</source>
        <translation>Die Tabelle ist eine temporäre Datei, und damit auch die Folds daneben: wählen Sie einen Dateinamen, um nach einem Abbruch weitermachen zu können.</translation>
    </message>
    <message>
        <source>Scarp demonstration scene</source>
        <translation>Scarp-Demonstrationsszene</translation>
    </message>
    <message>
        <source>Python of the runtime, or its folder (empty: the one made by &apos;Set up the runtime&apos;)</source>
        <translation>Python der Laufzeitumgebung oder dessen Ordner (leer: die von „Laufzeitumgebung einrichten“ angelegte)</translation>
    </message>
    <message>
        <source>The option &apos;Python of the runtime&apos; is now &apos;{folder}&apos;.</source>
        <translation>Die Option „Python der Laufzeitumgebung“ ist jetzt „{folder}“.</translation>
    </message>
    <message>
        <source>Landslide map</source>
        <translation>Karte der Hangrutschungen</translation>
    </message>
    <message>
        <source>The checkpoint is a temporary file: copy it before you close QGIS, or choose a file name.</source>
        <translation>Der Checkpoint ist eine temporäre Datei: kopieren Sie ihn, bevor Sie QGIS schließen, oder wählen Sie einen Dateinamen.</translation>
    </message>
    <message>
        <source>Post-event image: Sentinel-2 bands as single rasters or stacks, an RGB photograph, or a raster written by &apos;Build engineered bands&apos;. Bands are recognised by band description, file name or layer name (B04, B8A, ...). A Sentinel-2 product as downloaded will do as well: add its zip or its MTD_MSIL1C.xml or MTD_MSIL2A.xml as a file. Its own offset and, unless there is a valid mask, its scene classification are then used.</source>
        <translation>Bild nach dem Ereignis: Sentinel-2-Kanäle als einzelne Raster oder Stapel, ein RGB-Foto oder ein Raster von „Abgeleitete Kanäle berechnen“. Kanäle werden an der Kanalbeschreibung, am Dateinamen oder am Layernamen erkannt (B04, B8A, ...). Ein Sentinel-2-Produkt, wie heruntergeladen, geht auch: fügen Sie sein zip oder seine MTD_MSIL1C.xml oder MTD_MSIL2A.xml als Datei hinzu. Dann werden dessen eigener Versatz und, sofern es keine Gültigkeitsmaske gibt, dessen Szenenklassifikation verwendet.</translation>
    </message>
    <message>
        <source>Assessment report 1</source>
        <translation>Bewertungsbericht 1</translation>
    </message>
    <message>
        <source>Error map 1</source>
        <translation>Fehlerkarte 1</translation>
    </message>
    <message>
        <source>Assessment report 2</source>
        <translation>Bewertungsbericht 2</translation>
    </message>
    <message>
        <source>Error map 2</source>
        <translation>Fehlerkarte 2</translation>
    </message>
    <message>
        <source>Probability 1</source>
        <translation>Wahrscheinlichkeit 1</translation>
    </message>
    <message>
        <source>Probability 2</source>
        <translation>Wahrscheinlichkeit 2</translation>
    </message>
    <message>
        <source>Recognised: {names}.</source>
        <translation>Erkannt: {names}.</translation>
    </message>
    <message>
        <source>The bands are recognised when the algorithm runs.</source>
        <translation>Die Kanäle werden erkannt, wenn der Algorithmus läuft.</translation>
    </message>
    <message>
        <source>Engineered bands: {names}.</source>
        <translation>Abgeleitete Kanäle: {names}.</translation>
    </message>
    <message>
        <source>The checkpoint has all that it needs.</source>
        <translation>Der Checkpoint hat alles, was er braucht.</translation>
    </message>
    <message>
        <source>Not there: {names}.</source>
        <translation>Nicht vorhanden: {names}.</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>create: make the environment, go on with one that was interrupted, or bring it up to date. repair: install every package anew. remove: delete the environment; what pip has downloaded stays in its cache.</source>
        <translation>create: die Umgebung anlegen, mit einer unterbrochenen fortfahren oder sie auf den neuesten Stand bringen. repair: jedes Paket neu installieren. remove: die Umgebung löschen; was pip heruntergeladen hat, bleibt in dessen Zwischenspeicher.</translation>
    </message>
    <message>
        <source>Folder of wheels, without network</source>
        <translation>Ordner mit Wheels, ohne Netzwerk</translation>
    </message>
    <message>
        <source>For a machine without network: a folder with all packages as wheels, fetched on another machine with the same system and Python version. The log shows the command that fetches them.</source>
        <translation>Für einen Rechner ohne Netzwerk: ein Ordner mit allen Paketen als Wheels, geholt auf einem anderen Rechner mit demselben System und derselben Python-Version. Das Protokoll zeigt den Befehl, der sie holt.</translation>
    </message>
    <message>
        <source>Index of PyTorch&apos;s builds</source>
        <translation>Index mit den Paketen von PyTorch</translation>
    </message>
    <message>
        <source>Address of a package index that holds PyTorch&apos;s builds, such as a mirror of your organisation. Unset: where pip is configured to look, then https://download.pytorch.org/whl.</source>
        <translation>Adresse eines Paketindexes, der die Pakete von PyTorch enthält, etwa eines Spiegels Ihrer Organisation. Ohne Angabe: wo pip nach seiner Konfiguration sucht, danach https://download.pytorch.org/whl.</translation>
    </message>
    <message>
        <source>Create the Python environment that runs Scarp&apos;s networks, once, or repair or remove it.</source>
        <translation>Legt die Python-Umgebung an, die Scarps Netze ausführt, einmalig, oder repariert oder entfernt sie.</translation>
    </message>
    <message>
        <source>QGIS&apos;s own Python is never installed into. It needs a network connection, or a folder of wheels. About 0.5 GB is downloaded and 1.7 GB is installed for the CPU, 3 GB and 7.5 GB for CUDA. It takes minutes; the log says how many before it starts. The proxy of QGIS&apos;s network settings is used.</source>
        <translation>In QGIS&apos; eigenes Python wird nie installiert. Nötig ist eine Netzwerkverbindung oder ein Ordner mit Wheels. Für die CPU werden etwa 0,5 GB heruntergeladen und 1,7 GB installiert, für CUDA 3 GB und 7,5 GB. Es dauert Minuten; das Protokoll sagt vorher, wie viele. Der Proxy der Netzwerkeinstellungen von QGIS wird verwendet.</translation>
    </message>
    <message>
        <source>Cancel keeps what was installed: run it again and it goes on from there.</source>
        <translation>Ein Abbruch behält, was installiert wurde: ein neuer Lauf macht dort weiter.</translation>
    </message>
    <message>
        <source>The proxy of QGIS&apos;s network settings is used.</source>
        <translation>Der Proxy der Netzwerkeinstellungen von QGIS wird verwendet.</translation>
    </message>
    <message>
        <source>The option &apos;Python of the runtime&apos; is now empty.</source>
        <translation>Die Option „Python der Laufzeitumgebung“ ist jetzt leer.</translation>
    </message>
    <message>
        <source>Set up the runtime now</source>
        <translation>Laufzeitumgebung jetzt einrichten</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>Szene</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwellenwert</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert auf</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>Namensnennung</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>you</source>
        <translation>Ihnen</translation>
    </message>
    <message>
        <source>can do without {bands}</source>
        <translation>kommt ohne {bands} aus</translation>
    </message>
    <message>
        <source>pixels of {metres} m</source>
        <translation>Pixel von {metres} m</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>Kennzahlen</translation>
    </message>
    <message>
        <source>There is no checkpoint yet. &apos;Import...&apos; takes a .safetensors file that you were given; &apos;Train a network&apos; makes one of your own.</source>
        <translation>Es gibt noch keinen Checkpoint. „Importieren...“ nimmt eine .safetensors-Datei, die Sie bekommen haben; „Netz trainieren“ macht einen eigenen.</translation>
    </message>
    <message>
        <source>Scarp: checkpoints</source>
        <translation>Scarp: Checkpoints</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Import checkpoints</source>
        <translation>Checkpoints importieren</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors)</source>
        <translation>Checkpoints (*.safetensors)</translation>
    </message>
    <message>
        <source>Map with it...</source>
        <translation>Damit kartieren...</translation>
    </message>
    <message>
        <source>Full description...</source>
        <translation>Ausführliche Beschreibung...</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>Import...</source>
        <translation>Importieren...</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Checkpoints...</source>
        <translation>Checkpoints...</translation>
    </message>
    <message>
        <source>Open the last report</source>
        <translation>Letzten Bericht öffnen</translation>
    </message>
    <message>
        <source>Check the runtime...</source>
        <translation>Laufzeitumgebung prüfen...</translation>
    </message>
    <message>
        <source>Set up the runtime...</source>
        <translation>Laufzeitumgebung einrichten...</translation>
    </message>
    <message>
        <source>The last report, &apos;{report}&apos;, is not there any more.</source>
        <translation>Der letzte Bericht, „{report}“, ist nicht mehr da.</translation>
    </message>
    <message>
        <source>No report was written yet.</source>
        <translation>Es wurde noch kein Bericht geschrieben.</translation>
    </message>
    <message>
        <source>Points of landslides</source>
        <translation>Punkte der Hangrutschungen</translation>
    </message>
    <message>
        <source>Landslides by confidence</source>
        <translation>Hangrutschungen nach Zuverlässigkeit</translation>
    </message>
    <message>
        <source>What the environment can do, as an HTML page; none when it is removed.</source>
        <translation>Was die Umgebung kann, als HTML-Seite; keine, wenn sie entfernt wird.</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors);;All files (*)</source>
        <translation>Checkpoints (*.safetensors);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Some of {names}: unet; scarpnet; raunet_small. Options stand in brackets: unet; unet(widths=16-32-64-128-256).</source>
        <translation>Einige von {names}: unet; scarpnet; raunet_small. Optionen stehen in Klammern: unet; unet(widths=16-32-64-128-256).</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <source>Some of {names}: bce; focal_iou.</source>
        <translation>Einige von {names}: bce; focal_iou.</translation>
    </message>
    <message>
        <source>Losses</source>
        <translation>Verlustfunktionen</translation>
    </message>
    <message>
        <source>Sets of bands</source>
        <translation>Kanalsätze</translation>
    </message>
    <message>
        <source>auto, presets (bands14; bands23) or lists of channels, whose commas stay: rgb3; b04,b03,b02,ndvi,slope.</source>
        <translation>auto, Vorgaben (bands14; bands23) oder Listen von Kanälen, deren Kommas bleiben: rgb3; b04,b03,b02,ndvi,slope.</translation>
    </message>
    <message>
        <source>Some of {names}: single; dual.</source>
        <translation>Einige von {names}: single; dual.</translation>
    </message>
    <message>
        <source>Outputs of the networks</source>
        <translation>Ausgaben der Netze</translation>
    </message>
    <message>
        <source>Some of {names}: adamw; sgd.</source>
        <translation>Einige von {names}: adamw; sgd.</translation>
    </message>
    <message>
        <source>Optimizers</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <source>How the lists are combined</source>
        <translation>Wie die Listen kombiniert werden</translation>
    </message>
    <message>
        <source>grid: each value of a list with each of the others. pairs: the first of all lists together, then the second, and so on; a list of one value holds for all.</source>
        <translation>grid: jeder Wert einer Liste mit jedem der anderen. pairs: die ersten aller Listen zusammen, dann die zweiten und so fort; eine Liste mit einem Wert gilt für alle.</translation>
    </message>
    <message>
        <source>Trainings of each (seeds)</source>
        <translation>Trainings je Kombination (Startwerte)</translation>
    </message>
    <message>
        <source>More than 1: each is trained so often, from the seed upwards, and the table has their mean and standard deviation. Differences smaller than that are chance.</source>
        <translation>Mehr als 1: jede wird so oft trainiert, vom Startwert an aufwärts, und die Tabelle enthält Mittel und Standardabweichung. Kleinere Unterschiede sind Zufall.</translation>
    </message>
    <message>
        <source>Table of the trainings</source>
        <translation>Tabelle der Trainings</translation>
    </message>
    <message>
        <source>CSV with a row a training, written anew after each of them. Checkpoints and reports of the trainings lie in a folder of the same name beside it.</source>
        <translation>CSV mit einer Zeile je Training, nach jedem neu geschrieben. Checkpoints und Berichte der Trainings liegen daneben in einem Ordner desselben Namens.</translation>
    </message>
    <message>
        <source>HTML: figures with intervals, courses, the budget, and published figures of the same data.</source>
        <translation>HTML: Kennzahlen mit Intervallen, Verläufe, der Aufwand und veröffentlichte Kennzahlen derselben Daten.</translation>
    </message>
    <message>
        <source>Trainings with figures</source>
        <translation>Trainings mit Kennzahlen</translation>
    </message>
    <message>
        <source>Trainings that could not be done</source>
        <translation>Trainings, die nicht möglich waren</translation>
    </message>
    <message>
        <source>Compare networks and losses</source>
        <translation>Netze und Verlustfunktionen vergleichen</translation>
    </message>
    <message>
        <source>Train several networks, losses, sets of bands, optimizers and heads on the same data, and compare them.</source>
        <translation>Trainiert mehrere Netze, Verlustfunktionen, Kanalsätze, Optimierer und Köpfe auf denselben Daten und vergleicht sie.</translation>
    </message>
    <message>
        <source>Inputs: as for &apos;Train a network&apos;. Wherever several values are to be compared, they stand in one line with semicolons between them: unet; scarpnet; raunet_small. Some part of the data must be kept for the test: a block, a fold, chosen ids or a region. All networks are trained on the same chips and tested once on that part.</source>
        <translation>Eingaben: wie bei „Netz trainieren“. Wo mehrere Werte verglichen werden sollen, stehen sie in einer Zeile mit Semikolons dazwischen: unet; scarpnet; raunet_small. Ein Teil der Daten muss für den Test zurückgehalten werden: ein Block, ein Fold, gewählte Nummern oder eine Region. Alle Netze werden auf denselben Bildausschnitten trainiert und einmal auf diesem Teil getestet.</translation>
    </message>
    <message>
        <source>Outputs: a table with a row a training (figures with 95 % intervals, parameters, time), and a report with the courses of all trainings and published figures of the same data.</source>
        <translation>Ausgaben: eine Tabelle mit einer Zeile je Training (Kennzahlen mit 95-%-Intervallen, Parameter, Zeit) und ein Bericht mit den Verläufen aller Trainings und veröffentlichten Kennzahlen derselben Daten.</translation>
    </message>
    <message>
        <source>It takes as long as so many trainings. Cancel loses at most one epoch: finished trainings are kept in a folder beside the table, and the same parameters go on from there; more networks can be added later. What cannot be trained gets a row with the reason, and the others go on.</source>
        <translation>Es dauert so lange wie ebenso viele Trainings. Ein Abbruch kostet höchstens eine Epoche: fertige Trainings bleiben in einem Ordner neben der Tabelle, und dieselben Parameter machen dort weiter; weitere Netze lassen sich später hinzufügen. Was nicht trainiert werden kann, bekommt eine Zeile mit dem Grund, und die anderen gehen weiter.</translation>
    </message>
    <message>
        <source>The table is a temporary file, and so are the trainings beside it: choose a file name to be able to go on after a cancel.</source>
        <translation>Die Tabelle ist eine temporäre Datei, und damit auch die Trainings daneben: wählen Sie einen Dateinamen, um nach einem Abbruch weitermachen zu können.</translation>
    </message>
    <message>
        <source>Landslide probabilities</source>
        <translation>Wahrscheinlichkeiten der Hangrutschungen</translation>
    </message>
    <message>
        <source>Probability rasters written by &apos;Map landslides&apos; (0 to 1). Their order counts: the first gives the grid, and goes first where METHOD finds two alike.</source>
        <translation>Wahrscheinlichkeitsraster von „Hangrutschungen kartieren“ (0 bis 1). Ihre Reihenfolge zählt: das erste gibt das Raster vor und hat Vorrang, wo METHOD zwei gleichwertige findet.</translation>
    </message>
    <message>
        <source>Where scenes overlap</source>
        <translation>Wo sich Szenen überlappen</translation>
    </message>
    <message>
        <source>best: the scene that lies farthest from its next cloud or edge there (up to 64 pixels): maps are worst beside those. mean: of all that are valid. max: the highest; finds most, and raises most false alarms. latest: the most recent scene that is valid there. first: the first in the list that is.</source>
        <translation>best: die Szene, die dort am weitesten von ihrer nächsten Wolke oder ihrem Rand entfernt ist (bis 64 Pixel): daneben sind Karten am schlechtesten. mean: das Mittel aller gültigen. max: die höchste; findet am meisten und löst die meisten Fehlalarme aus. latest: die jüngste Szene, die dort gültig ist. first: die erste gültige der Liste.</translation>
    </message>
    <message>
        <source>Dates of the scenes (year-month-day)</source>
        <translation>Daten der Szenen (Jahr-Monat-Tag)</translation>
    </message>
    <message>
        <source>GeoTIFF, 32-bit: 0 to 1, nodata -9999.</source>
        <translation>GeoTIFF, 32 Bit: 0 bis 1, NoData -9999.</translation>
    </message>
    <message>
        <source>Share of the mosaic that is valid (0 to 1)</source>
        <translation>Gültiger Anteil des Mosaiks (0 bis 1)</translation>
    </message>
    <message>
        <source>Put probability rasters together</source>
        <translation>Wahrscheinlichkeitsraster zusammensetzen</translation>
    </message>
    <message>
        <source>Put the probability rasters of several scenes together: neighbouring tiles, or one place on several dates.</source>
        <translation>Setzt die Wahrscheinlichkeitsraster mehrerer Szenen zusammen: benachbarte Kacheln oder derselbe Ort zu mehreren Zeitpunkten.</translation>
    </message>
    <message>
        <source>Inputs: probability rasters of &apos;Map landslides&apos;, on any grids, UTM zones included. The first one gives the CRS and the cells; rasters whose cells do not coincide with them are resampled (bilinear), and the log names them.</source>
        <translation>Eingaben: Wahrscheinlichkeitsraster von „Hangrutschungen kartieren“, in beliebigen Rastern, auch verschiedener UTM-Zonen. Das erste gibt KBS und Zellen vor; Raster, deren Zellen nicht damit zusammenfallen, werden umgerechnet (bilinear), und das Protokoll nennt sie.</translation>
    </message>
    <message>
        <source>Output: one probability raster as far as all of them reach; nodata (-9999) where none is valid. &apos;Turn probability into mask and polygons&apos; makes the inventory of it: landslides across the borders of scenes are whole.</source>
        <translation>Ausgabe: ein Wahrscheinlichkeitsraster, so weit sie alle reichen; NoData (-9999), wo keines gültig ist. „Wahrscheinlichkeit in Maske und Polygone umwandeln“ macht daraus das Inventar: Hangrutschungen über Szenengrenzen hinweg sind ganz.</translation>
    </message>
    <message>
        <source>Where scenes overlap, METHOD decides. Map the scenes with the same checkpoint, so that one threshold fits all.</source>
        <translation>Wo sich Szenen überlappen, entscheidet METHOD. Kartieren Sie die Szenen mit demselben Checkpoint, damit ein Schwellenwert für alle passt.</translation>
    </message>
    <message>
        <source>For METHOD=latest: one date a raster, in their order, comma-separated: 2018-09-08, 2018-09-13. Unset: from the names of the bands that were mapped, of the rasters, or EVENT_DATE; the log says which.</source>
        <translation>Für METHOD=latest: ein Datum je Raster, in deren Reihenfolge, durch Kommas getrennt: 2018-09-08, 2018-09-13. Ohne Angabe: aus den Namen der kartierten Kanäle, den Namen der Raster oder EVENT_DATE; das Protokoll sagt, woher.</translation>
    </message>
    <message>
        <source>Open a model in the Model Designer...</source>
        <translation>Ein Modell im Modelldesigner öffnen...</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What 8-bit pictures are</source>
        <translation>Was 8-Bit-Bilder sind</translation>
    </message>
    <message>
        <source>Folders of pictures only. photo: red, green and blue as they are. landslide4sense: B04, B03, B02 of that data set in natural colours, so that Sentinel-2 scenes can be mapped. auto: photo, or what the checkpoint was trained on.</source>
        <translation>Nur für Ordner mit Bildern. photo: Rot, Grün und Blau, wie sie sind. landslide4sense: B04, B03, B02 dieses Datensatzes in natürlichen Farben, so dass Sentinel-2-Szenen kartiert werden können. auto: photo, oder das, womit der Checkpoint trainiert wurde.</translation>
    </message>
    <message>
        <source>60 % of the chips lit as if other hills were there, so that landslides in the shade are learned, too</source>
        <translation>60 % der Chips beleuchtet, als wären dort andere Hügel, damit auch Rutschungen im Schatten gelernt werden</translation>
    </message>
    <message>
        <source>Validation for calibration and threshold</source>
        <translation>Validierung für Kalibrierung und Schwellwert</translation>
    </message>
    <message>
        <source>plain: as it is, for maps of the same scene. augmented: changed as AUGMENT says, for maps of other places and sensors, where a network is less sure.</source>
        <translation>plain: wie sie ist, für Karten derselben Szene. augmented: verändert, wie AUGMENT es sagt, für Karten anderer Orte und Sensoren, bei denen ein Netz weniger sicher ist.</translation>
    </message>
    <message>
        <source>When not to use it</source>
        <translation>Wann er nicht taugt</translation>
    </message>
    <message>
        <source>Context around a chip (px)</source>
        <translation>Umgebung eines Chips (px)</translation>
    </message>
    <message>
        <source>Pixels around each chip that are written with it and not learned from. For chips below 128 px: local bands depend on the surroundings. A multiple of 16.</source>
        <translation>Pixel um jeden Chip, die mit ihm geschrieben und nicht gelernt werden. Für Chips unter 128 px: lokale Kanäle hängen von der Umgebung ab. Ein Vielfaches von 16.</translation>
    </message>
    <message>
        <source>Outputs: the checkpoint (.safetensors) that &apos;Map landslides&apos; reads, a report with the course of the training, and the figures on the validation part, which is a block of its own that the network never learned from. The threshold is chosen there, too. Where it is small (less than 20 chips), the network that you get learns once more, from all.</source>
        <translation>Ausgaben: der Checkpoint (.safetensors), den „Hangrutschungen kartieren“ liest, ein Bericht mit dem Verlauf des Trainings und die Kennzahlen auf dem Validierungsteil, einem eigenen Block, aus dem das Netz nie gelernt hat. Auch der Schwellenwert wird dort gewählt. Wo er klein ist (weniger als 20 Ausschnitte), lernt das Netz, das Sie erhalten, noch einmal aus allem.</translation>
    </message>
    <message>
        <source>One of {names}. scarpnet_small, our own, is the sound choice: it trains ten times as fast as unet. scarpnet is larger, for very many chips. raunet1 takes 14 times as long as unet. Scripts may add options in brackets: unet(widths=16-32-64-128-256).</source>
        <translation>Eines von {names}. scarpnet_small, unser eigenes, ist eine gute Wahl: es trainiert zehnmal so schnell wie unet. scarpnet ist größer, für sehr viele Ausschnitte. raunet1 braucht 14-mal so lange wie unet. Skripte können Optionen in Klammern anhängen: unet(widths=16-32-64-128-256).</translation>
    </message>
    <message>
        <source>The defaults are meant to be used as they are. Without a GPU, a few hundred polygons take some minutes.</source>
        <translation>Die Voreinstellungen sind dazu da, so verwendet zu werden. Ohne GPU dauern einige hundert Polygone ein paar Minuten.</translation>
    </message>
    <message>
        <source>a quarter of the chips under clouds and their shadows, so that clouds that nobody masked are no landslides</source>
        <translation>ein Viertel der Chips unter Wolken und ihren Schatten, damit Wolken, die niemand maskiert hat, keine Rutschungen sind</translation>
    </message>
    <message>
        <source>Landslides traced in the scene. A selection and edits not yet saved count. Unset: the scene holds none, as before an event; give the chips to a training as NEGATIVES.</source>
        <translation>In der Szene gezeichnete Hangrutschungen. Eine Auswahl und noch nicht gespeicherte Änderungen zählen. Nicht gesetzt: Die Szene enthält keine, wie vor einem Ereignis; geben Sie die Chips einem Training als NEGATIVES.</translation>
    </message>
    <message>
        <source>Chips without landslides</source>
        <translation>Chips ohne Rutschungen</translation>
    </message>
    <message>
        <source>Beside a folder of chips: another one of ground that has no landslide and that those chips lack, such as fields or snow. &apos;Cut chips&apos; without polygons cuts it from an image from before an event. All of them are learned from, whatever part is kept for the test.</source>
        <translation>Neben einem Ordner mit Chips: ein weiterer mit Gelände ohne Rutschungen, das jenen fehlt, etwa Felder oder Schnee. &apos;Bildausschnitte schneiden&apos; ohne Polygone schneidet ihn aus einem Bild von vor einem Ereignis. Aus allen wird gelernt, welcher Teil auch für den Test zurückbehalten wird.</translation>
    </message>
</context>
</TS>
