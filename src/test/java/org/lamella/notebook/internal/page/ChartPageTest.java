// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.lamella.base.Provenance;
import org.lamella.base.Result;
import org.lamella.base.chart.Chart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

class ChartPageTest {

    private static final Figure FIGURE = Chart.titled("Loss")
            .line("loss", new double[] {0, 1}, new double[] {2, 1})
            .note("The loss falls from 2 to 1.")
            .figure();

    private static final Result RESULT = new Result() {
        @Override
        public Table table() {
            return Table.create("t", DoubleColumn.create("loss", 0.5));
        }

        @Override
        public Figure chart() {
            return FIGURE;
        }

        @Override
        public Provenance provenance() {
            return Provenance.of("Cka.scoreLayers(model,\n   train)")
                    .with("seed", 7)
                    .warning("picked & reported on <one> split");
        }
    };

    @Test
    void isAPictureWithoutScriptsWhenStatic() {
        Bundle bundle = Pages.of(ChartMode.STATIC).of(FIGURE);

        assertThat(bundle.data().keySet()).containsExactly("text/html", "text/plain", "image/png");
        assertThat(bundle.html())
                .startsWith("<div style=\"max-width:720px\"><img alt=\"The loss falls from 2 to 1.\" width=\"720\"")
                .doesNotContain("<script", "http");
        assertThat(bundle.text()).isEqualTo("The loss falls from 2 to 1.");
        assertThat(String.valueOf(bundle.data().get("image/png"))).hasSizeLessThan(40_000);
        assertThat(bundle.metadata()).isEqualTo(Map.of("image/png", Map.of("width", 720, "height", 400)));
    }

    @Test
    void sendsPlotlyOnceAndNamesEveryChartDifferently() {
        Pages pages = Pages.of(ChartMode.LIVE);

        String first = pages.of(FIGURE).html();
        String second = pages.of(FIGURE).html();

        assertThat(first).contains("DecompressionStream").hasSizeBetween(500_000, 2_300_000);
        assertThat(second).doesNotContain("DecompressionStream").hasSizeLessThan(10_000);
        assertThat(second).contains("data-lamella-chart=\"chart-2-").doesNotContain("data-lamella-chart=\"chart-1-");
    }

    @Test
    void asksNoOtherPlaceForAnything() {
        String html = Pages.of(ChartMode.LIVE).of(FIGURE).html();

        assertThat(html).doesNotContain("http:", "https:", "src=\"//", "import(", "require(");
        String svg = new String(
                Base64.getDecoder().decode(html.replaceAll("(?s).*?svg\\+xml;base64,([^\"]+)\".*", "$1")),
                StandardCharsets.UTF_8);
        assertThat(svg.replace("http://www.w3.org/2000/svg", ""))
                .startsWith("<svg")
                .doesNotContain("http");
    }

    @Test
    void packsAllOfPlotlyButItsMaps() throws IOException {
        String element = PlotlyScript.element().orElseThrow();
        String packed = element.replaceAll("(?s).*atob\\(\"([^\"]+)\"\\).*", "$1");

        String plotly = new String(
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed))).readAllBytes(),
                StandardCharsets.UTF_8);

        assertThat(plotly).contains("plotly.js v3.3.1", "module.exports = factory()");
        assertThat(plotly).contains("mapbox-gl-unminified.js\"(exports, module) { module.exports = {}; }");
        assertThat(plotly).contains("maplibre-gl.js\"(exports, module) { module.exports = {}; }");
    }

    @Test
    void sendsPlotlysJsonOnRequestOnly() {
        Pages live = Pages.of(ChartMode.LIVE);

        assertThat(live.of(FIGURE).data()).doesNotContainKey("application/vnd.plotly.v1+json");
        assertThat(live.mode(ChartMode.JSON).of(FIGURE).data())
                .containsKey("application/vnd.plotly.v1+json")
                .doesNotContainKey("image/png");
    }

    @Test
    void showsAResultAsTablePictureWarningsAndOrigin() {
        Bundle bundle = Pages.of(ChartMode.STATIC).of(RESULT);

        assertThat(bundle.html())
                .containsSubsequence(
                        "<table",
                        "0.5000",
                        "<img alt=\"The loss falls",
                        "<b>careful:</b> picked &amp; reported on &lt;one&gt; split",
                        "from Cka.scoreLayers(model, train), seed 7; more in .provenance()");
        assertThat(bundle.text()).isEqualTo("""
                          loss
                        ------
                        0.5000
                        1 row × 1 column
                        The loss falls from 2 to 1.
                        careful: picked & reported on <one> split""");
        assertThat(bundle.data()).containsKey("image/png");
    }

    @Test
    void givesTheSameBytesInEverySession() {
        assertThat(Pages.of(ChartMode.STATIC).of(RESULT))
                .isEqualTo(Pages.of(ChartMode.STATIC).of(RESULT));
        Pages one = Pages.of(ChartMode.LIVE);
        Pages two = Pages.of(ChartMode.LIVE);
        assertThat(one.of(RESULT)).isEqualTo(two.of(RESULT));
        assertThat(one.of(FIGURE)).isEqualTo(two.of(FIGURE));
    }

    @Test
    void namesTheModesOfCharts() {
        assertThat(ChartMode.parse("")).isEqualTo(ChartMode.LIVE);
        assertThat(ChartMode.parse(" Static ")).isEqualTo(ChartMode.STATIC);
        assertThatThrownBy(() -> ChartMode.parse("statik"))
                .hasMessage("LAMELLA_CHARTS must be live, static or json; got \"statik\"; did you mean \"static\"?");
    }
}
