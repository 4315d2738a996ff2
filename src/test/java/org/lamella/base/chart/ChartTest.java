// SPDX-License-Identifier: Apache-2.0
package org.lamella.base.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamella.base.Matrix;
import tech.tablesaw.plotly.components.Figure;

class ChartTest {

    private static final List<String> LAYERS = List.of("0", "1", "2");

    @Test
    void leavesOutWhatIsNoNumber() {
        Figure figure = Chart.titled("bars")
                .bars("cka", LAYERS, new double[] {0.5, Double.NaN, 1})
                .figure();

        assertThat(figure.asJavascript("here")).contains("\"y\":[0.5,null,1.0]").doesNotContain("NaN");
    }

    @Test
    void saysIntervalsAsDistancesFromTheValue() {
        Figure figure = Chart.titled("bars")
                .bars("cka", LAYERS, new double[] {0.5, 1, 2}, new double[] {0.25, 1, 1}, new double[] {1, 1, 4})
                .figure();

        assertThat(figure.getTraces()[0].asJavascript(0))
                .contains("\"array\":[0.5,0.0,2.0]", "\"arrayminus\":[0.25,0.0,1.0]");
    }

    @Test
    void drawsChosenAndOthersInOneSlot() {
        Figure figure = Chart.titled("importance")
                .barsHighlighted("importance", LAYERS, new double[] {1, 2, 3}, Set.of(2))
                .figure();

        assertThat(figure.getTraces()).hasSize(2);
        assertThat(figure.getTraces()[0].name()).isEqualTo("importance: chosen");
        assertThat(figure.getTraces()[0].asJavascript(0))
                .contains("\"y\":[null,null,3.0]")
                .doesNotContain("error_y");
        assertThat(figure.getTraces()[1].asJavascript(1)).contains("\"y\":[1.0,2.0,null]", "var trace1");
    }

    @Test
    void keepsTheNoteForWhoeverSeesNoPicture() {
        Figure figure = Chart.titled("Loss").note("The loss falls from 2 to 1.").figure();

        assertThat(figure).hasToString("The loss falls from 2 to 1.");
        assertThat(figure.asJavascript("here")).contains("\"meta\":{\"note\":\"The loss falls from 2 to 1.\"}");
        assertThat(Chart.titled("Loss").figure()).hasToString("Loss");
    }

    @Test
    void drawsMarksAcrossTheWholeHeight() {
        Figure figure = Chart.titled("Sweep")
                .horizontal("layers kept")
                .vertical("loss")
                .verticalRange(0, 3)
                .band("loss", new double[] {0, 1}, new double[] {2, 1}, new double[] {1, 0.5}, new double[] {3, 1.5})
                .mark(1, "boundary")
                .figure();

        assertThat(figure.asJavascript("here"))
                .contains("\"yref\":\"paper\"", "\"text\":\"boundary\"", "\"range\":[0.0,3.0]", "\"dtick\":1")
                .contains("\"x\":[0.0,1.0,1.0,0.0],\"y\":[1.0,0.5,1.5,3.0]");
        assertThat(figure.getLayout().getTitle()).isEqualTo("Sweep");
    }

    @Test
    void putsTheFirstRowOfAHeatMapOnTop() {
        Figure figure = Chart.titled("every layer")
                .heatMap(
                        List.of("a", "b"), LAYERS, Matrix.of(2, 3, new double[] {0, 0.5, 1, 1, Double.NaN, 0.25}), 0, 1)
                .figure();

        assertThat(figure.asJavascript("here"))
                .contains("\"autorange\":\"reversed\"", "\"zmin\":0.0,\"zmax\":1.0", "\"0.50\"", "\"–\"");
    }

    @Test
    void cannotBeLeftByATextThatLooksLikeMarkup() {
        Figure figure = Chart.titled("</script><b>")
                .line("</script>", new double[] {1}, new double[] {1})
                .figure();

        assertThat(figure.asJavascript("here").split("</script>", -1)).hasSize(2);
    }

    @Test
    void rejectsWhatDoesNotFit() {
        Chart chart = Chart.titled("any");

        assertThatThrownBy(() -> chart.line("loss", new double[3], new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("y must have as many values as x, 3; got 2");
        assertThatThrownBy(() -> chart.heatMap(LAYERS, LAYERS, Matrix.of(2, 3, new double[6]), 0, 1))
                .hasMessage("values must be 3 x 3 as the names are; got 2 x 3");
        assertThatThrownBy(() -> chart.verticalRange(1, 1)).hasMessage("low must be less than high; got 1.0 and 1.0");
    }
}
