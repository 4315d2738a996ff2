// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import tech.tablesaw.plotly.components.Figure;

class PictureTest {

    private static final Map<String, Figure> GALLERY = Gallery.figures();

    static Stream<String> names() {
        return GALLERY.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void drawsEveryKindAsWellFormedSvgWithoutAnythingFromOutside(String name) throws Exception {
        String svg = picture(name).svg();

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg).doesNotContain("NaN", "Infinity", "null", "href");
        assertThat(svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", "")).doesNotContain("http");
        if (System.getProperty("gallery") != null) {
            Path folder = Files.createDirectories(Path.of(System.getProperty("gallery")));
            Files.write(
                    folder.resolve(name.replace(' ', '-') + ".png"),
                    picture(name).png().orElseThrow());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void convertsEveryKindToJsonThatPlotlyThreeHears(String name) {
        JsonObject json = JsonParser.parseString(picture(name).json()).getAsJsonObject();

        assertThat(json.keySet()).containsExactly("data", "layout");
        assertThat(json.getAsJsonArray("data")).hasSize(figure(GALLERY, name).getTraces().length);
        for (var part : json.getAsJsonObject("layout").entrySet()) {
            if (part.getKey().equals("title")) {
                assertThat(part.getValue().isJsonObject()).isTrue();
            }
            assertThat(part.getKey()).isNotEqualTo("titlefont");
        }
        assertThat(picture(name).json()).doesNotContain("NaN", "<", "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"highlighted", "sweep", "heatmap", "horizontal bars"})
    void paintsAtTwiceTheSize(String name) throws IOException {
        Picture picture = picture(name);

        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(picture.png().orElseThrow()));

        assertThat(image.getWidth()).isEqualTo(2 * picture.width());
        assertThat(image.getHeight()).isEqualTo(2 * picture.height());
        assertThat(image.getRGB(3, 3)).isEqualTo(0xFFFFFFFF);
    }

    @Test
    void keepsTheColoursOfTheCellsOfAHeatMap() throws IOException {
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(picture("heatmap").png().orElseThrow()));

        // the corner of the first cell holds a one, the lightest colour of the scale
        assertThat(image.getRGB(220, 100)).isEqualTo(0xFFFEE838);
    }

    @Test
    void makesNumbersOfWhatJsplotWroteAsTexts() {
        JsonArray y = JsonParser.parseString(picture("line").json())
                .getAsJsonObject()
                .getAsJsonArray("data")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("y");

        assertThat(y.get(0).getAsJsonPrimitive().isNumber()).isTrue();
        assertThat(y.get(3).isJsonNull()).isTrue();
    }

    @Test
    void keepsNamesThatLookLikeNumbers() {
        assertThat(picture("highlighted").json()).contains("\"x\":[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\"]");
    }

    @Test
    void unescapesTextsThatWerePutIntoAPage() {
        assertThat(picture("vertical bars").words().toString()).contains("trade's <b>");
        assertThat(picture("vertical bars").svg()).contains("trade&#39;s &lt;b&gt;");
    }

    @Test
    void saysInOneSentenceWhatIsSeen() {
        assertThat(picture("highlighted").sentence()).isEqualTo("Layers 0, 4 and 5 change the representation most.");
        assertThat(picture("scatter").sentence()).isEqualTo("Chart \"Scatter\" of 1 trace (scatter).");
        assertThat(picture("no layout").sentence()).isEqualTo("Chart of 1 trace (bar).");
    }

    @Test
    void saysWhichKindItCannotDraw() {
        assertThat(picture("violin").svg()).contains("A chart of kind violin is drawn in a live notebook only.");
        assertThat(picture("empty").svg()).contains("This chart has no traces.");
    }

    @Test
    void givesTheSameBytesForTheSameFigure() {
        Map<String, Figure> again = Gallery.figures();

        GALLERY.forEach((name, figure) -> {
            assertThat(Picture.of(figure(again, name)).svg())
                    .isEqualTo(Picture.of(figure).svg());
            assertThat(Picture.of(figure(again, name)).json())
                    .isEqualTo(Picture.of(figure).json());
        });
    }

    @Test
    void writesTheNumbersOfAHeatMapIntoItsCells() {
        assertThat(picture("heatmap").svg()).contains(">1</text>", ">0.78</text>", ">–</text>", ">embedding</text>");
    }

    private static Picture picture(String name) {
        return Picture.of(figure(GALLERY, name));
    }

    private static Figure figure(Map<String, Figure> gallery, String name) {
        return Objects.requireNonNull(gallery.get(name), name);
    }
}
