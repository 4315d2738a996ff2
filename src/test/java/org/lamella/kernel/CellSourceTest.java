// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.kernel.CellSource.Java;
import org.lamella.kernel.CellSource.Part;
import org.lamella.kernel.CellSource.TopLevelMagic;

/** Where a percent sign is a magic, and where it is Java. */
class CellSourceTest {

    private static CellSource scan(String code) {
        return CellSource.scan(code, List.of("jars", "time")::contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "String s = \"\"\"\n%jars x\n\"\"\";",
                "String s = \"\"\"\n  \\\"\"\" \n%jars x\n\"\"\";",
                "/* note\n%jars x\n*/ int x;",
                "// a comment\n// %jars x",
                "int x = 17\n    % y;",
                "int x = 17 %y;",
                "x %= 3;",
                "String s = \"\\\"%jars\";",
                "char c = '\"'; int r = 5 %c;",
                "f(\"\n%d\");",
                "int x = a\n%b;",
            })
    void javaIsLeftAlone(String code) {
        assertThat(scan(code).magics()).isEmpty();
        assertThat(scan(code).parts()).containsExactly(new Java(code, 1));
    }

    @Test
    void aLineBetweenStatementsIsAMagicAndLinesKeepTheirNumbers() {
        List<Part> parts = scan("int a = 1;\n\n  %jars lib/*.jar \"my lib\"\nint b = 2;\nb")
                .parts();

        assertThat(parts).hasSize(3);
        assertThat(parts.get(0)).isEqualTo(new Java("int a = 1;\n\n  ", 1));
        assertThat(((TopLevelMagic) parts.get(1)).call().arguments()).containsExactly("lib/*.jar", "my lib");
        assertThat(parts.get(1).line()).isEqualTo(3);
        assertThat(parts.get(2)).isEqualTo(new Java("\nint b = 2;\nb", 3));
    }

    @Test
    void aGlobDoesNotStartAComment() {
        assertThat(scan("%jars a/*.jar\nint x = 1;").parts()).hasSize(2);
    }

    @Test
    void anUnknownNameIsAMagicOnlyWhereJavaCannotGoOn() {
        assertThat(scan("int x = 1;\n%nosuch y").magics()).hasSize(1);
        assertThat(scan("int x = 1\n%nosuch y").magics()).isEmpty();
        assertThat(scan("foo()\n%time y").magics()).hasSize(1);
    }

    @Test
    void insideBlocksAndAssignmentsAMagicBecomesJava() {
        assertThat(scan("if (x) {\n    %jars a \"b c\"\n}").parts())
                .containsExactly(new Java(
                        "if (x) {\n    io.github.spencerpark.ijava.runtime.Magics.lineMagic(\"jars\","
                                + " java.util.List.of(\"a\", \"b c\"));\n}",
                        1));
        assertThat(scan("List<String> l = %jars a;\nl").parts())
                .containsExactly(new Java(
                        "List<String> l = io.github.spencerpark.ijava.runtime.Magics.lineMagic(\"jars\","
                                + " java.util.List.of(\"a\"));\nl",
                        1));
    }

    @Test
    void theMaskBlanksLiteralsAndCommentsAndKeepsOffsets() {
        CellSource source = scan("f(\"(\", ')' /* ( */); // (");

        assertThat(source.mask())
                .isEqualTo(
                        "f(\" \", ' '        );     ".substring(0, source.text().length()));
        assertThat(source.mask()).hasSameSizeAs(source.text());
        assertThat(source.depth()).isZero();
        assertThat(scan("class A { void f() {").depth()).isEqualTo(2);
    }

    @Test
    void aCellMagicIsTheWholeCell() {
        MagicCall call = MagicCall.ofCell("\n%%time now\nint x = 1;\nx").orElseThrow();

        assertThat(call.name()).isEqualTo("time");
        assertThat(call.arguments()).containsExactly("now");
        assertThat(call.body()).contains("int x = 1;\nx");
        assertThat(MagicCall.ofCell("%time x")).isEmpty();
        assertThat(MagicCall.ofCell("int x = 5 %%y;")).isEmpty();
    }

    @Test
    void argumentsAreSplitAtBlanksOutsideQuotes() {
        assertThat(MagicCall.parse("m a  \"b c\" \"\" d\\\"e C:\\dir").arguments())
                .containsExactly("a", "b c", "", "d\"e", "C:\\dir");
        assertThat(MagicCall.parse("time f(\"x y\")").rest()).isEqualTo("f(\"x y\")");
    }

    @Test
    void aQuestionBecomesHelp() {
        assertThat(Help.expanded("?Math.sqrt")).isEqualTo("%help Math.sqrt");
        assertThat(Help.expanded("table?")).isEqualTo("%help table");
        assertThat(Help.expanded("a ? b : c")).isEqualTo("a ? b : c");
    }
}
