// SPDX-License-Identifier: Apache-2.0
package org.lamella.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class NotebookTest {

    @Test
    void installsNothingWithoutAKernelHoweverOften() {
        Notebook.install();
        Notebook.install();
    }

    @Test
    void letsTheEnvironmentOverrideTheScaleOfTheCell() {
        assertThat(Scale.named("laptop", "").name()).isEqualTo("laptop");
        assertThat(Scale.named("laptop", "quick"))
                .isEqualTo(Scale.named("quick", ""))
                .hasToString("Scale quick");
        assertThatThrownBy(() -> Scale.named("laptop", "quik"))
                .hasMessage("LAMELLA_SCALE must be quick, laptop or paper; got \"quik\"; did you mean \"quick\"?");
    }

    @Test
    void picksTheValueOfItsScale() {
        Scale paper = Scale.named("paper", "");

        assertThat(paper.pick(1, 2, 3)).isEqualTo(3);
        assertThat(paper.pick(0.1, 0.2, 0.3)).isEqualTo(0.3);
        assertThat(Scale.named("quick", "").pick("a", "b", "c")).isEqualTo("a");
    }

    @Test
    void failsOnlyAtTheScaleTheNumbersWereStatedFor() {
        Expectations off = Notebook.check(Scale.named("quick", "")).expects("accuracy", 0.8, 0.93, 0.02);

        assertThat(off.done().table().stringColumn("verdict").get(0)).isEqualTo("differs, but stated for scale laptop");
        assertThatThrownBy(() -> off.statedFor("quick").done())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("numbers of the prose must come out at scale quick; got\n"
                        + "  accuracy: 0.8, stated 0.93 ± 0.02");
    }

    @Test
    void holdsWithinTheTolerance() {
        Expectations fine = Notebook.check(Scale.named("laptop", ""))
                .expects("accuracy", 0.92, 0.93, 0.02)
                .expects("sum", 0.1 + 0.2, 0.3, 0)
                .expects("layers", List.of(1, 4), List.of(1, 4));

        assertThat(fine.hold()).isTrue();
        assertThat(fine.done()).hasToString("3 numbers checked at scale laptop, 0 differ");
        assertThat(fine.table().stringColumn("verdict").asList()).containsOnly("ok");
        assertThat(Notebook.check(Scale.named("laptop", ""))
                        .expects("nothing", Double.NaN, 1, 1)
                        .hold())
                .isFalse();
    }

    @Test
    void namesEveryPartWithItsRemedy(@TempDir Path home) {
        Table table = Doctor.of(Map.of("LAMELLA_DATA", "no such folder"), home).table();

        assertThat(table.columnNames()).containsExactly("part", "state", "seen", "remedy");
        assertThat(table.stringColumn("part").asList())
                .contains("Java", "JShell", "kernel", "engine", "memory", "processors", "LAMELLA_HOME")
                .contains("model minilm", "task reuters-r8", "Tablesaw", "Plotly", "LAMELLA_DATA");
        assertThat(row(table, "model minilm"))
                .containsExactly("missing", "not fetched", "run environment/start --fetch minilm");
        assertThat(row(table, "LAMELLA_DATA"))
                .containsExactly("missing", "no such folder is no folder", "correct or unset LAMELLA_DATA");
        assertThat(row(table, "JShell")).containsExactly("ok", "jdk.jshell", "");
        assertThat(row(table, "sandbox").subList(1, 3))
                .asString()
                .matches(
                        "\\[bubblewrap; a program ran in it, ]"
                                + "|\\[none, so that generated programs are not run; .*, to run them: apt-get install bubblewrap]");
    }

    @Test
    void tellsHalfADownload(@TempDir Path home) throws IOException {
        Path folder = Files.createDirectories(home.resolve("models/minilm"));
        Files.writeString(folder.resolve("config.json"), "{}");

        Table table = Doctor.of(Map.of(), home).table();

        assertThat(row(table, "model minilm").get(1)).startsWith("not whole: config.json, model.safetensors");
    }

    @Test
    void tellsWhatTheProcessHolds() {
        assertThat(Notebook.memory().table().stringColumn("memory").asList())
                .containsExactly("heap in use", "whole process", "most so far", "machine", "open tensors");
        assertThat(Notebook.memory().toString()).startsWith("heap ");
    }

    private static List<String> row(Table table, String part) {
        int row = table.stringColumn("part").asList().indexOf(part);
        return List.of(
                table.stringColumn("state").get(row),
                table.stringColumn("seen").get(row),
                table.stringColumn("remedy").get(row));
    }
}
