// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.base.Matrix;
import org.lamella.base.picture.Bitmap;
import org.lamella.base.picture.Gallery;
import org.lamella.base.picture.Picture;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class TablePageTest {

    private final Pages pages = Pages.of(ChartMode.STATIC);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "0.98765, 0.9877",
        "1.0, 1.000",
        "12.3456, 12.35",
        "1234.56, 1235",
        "123456.7, 123457",
        "0.0123456, 0.01235",
        "-0.5, -0.5000",
        "0, 0",
        "0.0000123456, 1.235e-5",
        "-2e-12, -2.000e-12",
        "1.5e12, 1.500e12",
    })
    void writesNumbersWithFourSignificantDigits(double value, String expected) {
        assertThat(NumberText.of(value, false)).isEqualTo(expected);
    }

    @Test
    void writesWholeColumnsWithoutDecimals() {
        assertThat(NumberText.of(22713216, true)).isEqualTo("22713216");
        assertThat(NumberText.of(3, true)).isEqualTo("3");
        assertThat(NumberText.of(Double.NEGATIVE_INFINITY, true)).isEqualTo("-∞");
    }

    @Test
    void aColumnOfPicturesShowsThemByTheirNamesAndNeverWhereTheyLie() throws IOException {
        Path file = folder.resolve("cat.png");
        Files.write(file, Bitmap.of(100, 50, new byte[3 * 100 * 50]).png());
        Path broken = Files.writeString(folder.resolve("text.png"), "no picture");
        Table table = Table.create(
                "t",
                StringColumn.create("picture", file.toString(), broken.toString(), ""),
                StringColumn.create("other", file.toString(), "a", "b"));

        Bundle bundle = pages.of(table.retainColumns("picture"));
        String html = bundle.html();

        assertThat(html)
                .contains("<img src=\"data:image/png;base64,", "alt=\"cat.png\" title=\"cat.png\"", ">text.png</td>")
                .doesNotContain(folder.toString());
        assertThat(bundle.text())
                .startsWith("picture\n--------\ncat.png\ntext.png")
                .doesNotContain(folder.toString());
        assertThat(pages.of(Table.create("t", StringColumn.create("other", file.toString(), "a")))
                        .html())
                .doesNotContain("<img");
    }

    @Test
    void aGalleryShowsPicturesBesideEachOtherAndMarksSome() {
        Picture picture = Picture.of("17.png", Bitmap.of(8, 8, new byte[3 * 64]).png());
        Gallery gallery = new Gallery(
                "Shapes",
                List.of("question", "predicted", "truth"),
                List.of(
                        new Gallery.Tile(picture, List.of("what?", "circle", ""), false),
                        new Gallery.Tile(picture, List.of("what?", "red", "truth: <blue>"), true)));

        Bundle bundle = pages.of(gallery);

        assertThat(bundle.html())
                .contains("Shapes", "<img src=\"data:image/png;base64,", "truth: &lt;blue&gt;", "2px dashed")
                .containsOnlyOnce("2px dashed");
        assertThat(bundle.text()).isEqualTo("""
                        picture  question  predicted  truth
                        -------  --------  ---------  -------------
                        17.png   what?     circle
                        17.png   what?     red        truth: <blue>
                        2 rows × 4 columns""");
    }

    @Test
    void alignsEveryCellByItself() {
        Table table = Table.create(
                "t",
                StringColumn.create("label", "earn"),
                DoubleColumn.create("f1", 0.91234),
                IntColumn.create("n", new int[] {7}));

        String html = pages.of(table).html();

        assertThat(html)
                .contains("text-align:left\">earn</td>", "text-align:right;white-space:nowrap\">0.9123</td>", ">7</td>")
                .contains("1 row × 3 columns");
        assertThat(html.split("<t[hd] ", -1)).hasSize(1 + 6);
        assertThat(html.split("text-align:", -1)).hasSize(1 + 6);
    }

    @Test
    void showsWhatIsMissingAsAGreyDash() {
        Table table = Table.create(
                "t",
                DoubleColumn.create("a", Double.NaN, 1.5),
                StringColumn.create("b", "", "x"),
                BooleanColumn.create("c").appendMissing().append(true));

        assertThat(pages.of(table).html().split("<span style=\"color:#999999\">–</span>", -1))
                .hasSize(1 + 2);
        assertThat(pages.of(table).text()).isEqualTo("""
                            a  b  c
                        -----  -  ----
                            –     –
                        1.500  x  true
                        2 rows × 3 columns""");
    }

    @Test
    void showsTheTextsOfASingleRowWhole() {
        String text = "first line\n  second <line> " + "z".repeat(200);

        String html =
                pages.of(Table.create("t", StringColumn.create("text", text))).html();

        assertThat(html)
                .contains("white-space:pre-wrap", ">first line\n  second &lt;line&gt; " + "z".repeat(200) + "</td>");
    }

    @Test
    void escapesTextsAndCutsLongOnes() {
        String text = "<script>alert('a & \"b\" $x$')</script>" + "z".repeat(200);
        Table table = Table.create("t", StringColumn.create("<b>", text, "short"));

        String html = pages.of(table).html();

        assertThat(html).doesNotContain("<script>", "<b>", "$x$").contains("&lt;b&gt;</th>", "z…</td>");
        assertThat(html).contains("title=\"&lt;script&gt;alert(&#39;a &amp; &quot;b&quot; &#36;x&#36;&#39;)");
    }

    @Test
    void neverCutsALetterOfTwoPlaces() {
        assertThat(TableHtml.cut("abc😀def", 5)).isEqualTo("abc…");
        assertThat(TableHtml.cut("abc😀def", 6)).isEqualTo("abc😀…");
    }

    @Test
    void showsTheFirstRowsAndSaysHowManyThereAre() {
        Table table = Table.create("t", IntColumn.indexColumn("n", 2189, 0));

        Bundle bundle = pages.of(table);

        assertThat(bundle.html())
                .contains("2,189 rows × 1 column, first 20 rows shown")
                .doesNotContain(">20</td>");
        assertThat(bundle.text().lines()).hasSize(2 + 20 + 1);
    }

    @Test
    void showsTheFirstColumnsOfAWideMatrix() {
        Bundle bundle = pages.of(Matrix.of(8, 384, new double[8 * 384]));

        assertThat(bundle.text().lines().reduce((a, b) -> b)).hasValue("8 rows × 384 columns, first 16 columns shown");
    }

    @Test
    void keepsEveryDigitOfALong() {
        Table table = Table.create("t", LongColumn.create("id", 9007199254740993L));

        assertThat(pages.of(table).html()).contains(">9007199254740993</td>");
    }

    @Test
    void showsATableWithoutRowsOrColumns() {
        assertThat(pages.of(Table.create("t")).text().strip()).isEqualTo("0 rows × 0 columns");
        assertThat(pages.of(Table.create("t", StringColumn.create("a"))).html()).contains("0 rows × 1 column");
    }
}
