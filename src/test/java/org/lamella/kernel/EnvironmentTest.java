// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the kernel reads from its surroundings and shows of what it reads. */
class EnvironmentTest {

    @Test
    void theVariablesOfIJavaAreUnderstood() {
        Environment environment = Environment.of(Map.of(
                "IJAVA_CLASSPATH", "a.jar" + File.pathSeparator + File.pathSeparator + "lib/*.jar",
                "IJAVA_STARTUP_SCRIPTS_PATH", "imports.jsh",
                "IJAVA_STARTUP_SCRIPT", "int x = 1;",
                "IJAVA_COMPILER_OPTS", " -Xlint:all  -parameters ",
                "IJAVA_TIMEOUT", "30 seconds"));

        assertThat(environment.classPath()).containsExactly("a.jar", "lib/*.jar");
        assertThat(environment.startupFiles()).containsExactly("imports.jsh");
        assertThat(environment.startupScript()).isEqualTo("int x = 1;");
        assertThat(environment.compilerOptions()).containsExactly("-Xlint:all", "-parameters");
        assertThat(environment.timeLimit()).contains(Duration.ofSeconds(30));
    }

    @Test
    void nothingIsSetWhereNothingIsSaid() {
        Environment environment = Environment.of(Map.of("IJAVA_TIMEOUT", "-1"));

        assertThat(environment)
                .isEqualTo(new Environment(
                        List.of(), List.of(), "", List.of(), environment.timeLimit(), environment.parent()));
        assertThat(environment.timeLimit()).isEmpty();
        assertThat(environment.parent()).isEmpty();
    }

    @Test
    void aTimeLimitWithoutUnitIsInMilliseconds() {
        assertThat(Environment.of(Map.of("IJAVA_TIMEOUT", "500")).timeLimit()).contains(Duration.ofMillis(500));
    }

    @Test
    void theKernelspecIsFilledIn() throws Exception {
        Installation installation =
                Installation.parse(List.of("--prefix", "p", "--classpath", "a:b", "--startup", "s.jsh"));
        String json = installation.kernelJson(Path.of("/jars/kernel.jar"));

        assertThat(json)
                .contains("\"IJAVA_CLASSPATH\": \"a:b\"", "\"IJAVA_STARTUP_SCRIPTS_PATH\": \"s.jsh\"")
                .contains("\"/jars/kernel.jar\"", "-XX:SharedArchiveFile=/jars/kernel-")
                .doesNotContain("@");
        assertThat(json.contains("--sun-misc-unsafe-memory-access=allow"))
                .isEqualTo(Runtime.version().feature() >= 24);
    }

    @Test
    void javadocIsReadAsText() {
        assertThat(Javadoc.plain(" Returns the {@code sqrt} of a <b>value</b>, see {@link Math#abs(double) abs}.\n"
                        + " <p>Cases:<ul><li>a &lt; 0: NaN</ul>\n @param a a value\n @return the root"))
                .isEqualTo("Returns the sqrt of a value, see abs.\n\nCases:\n- a < 0: NaN\n\n"
                        + "Parameter a a value\nReturns the root");
    }

    @Test
    void charactersAreCountedAsFrontEndsDo() {
        assertThat(CodePoints.toChars("\ud83d\ude00x", 1)).isEqualTo(2);
        assertThat(CodePoints.ofChars("\ud83d\ude00x", 2)).isEqualTo(1);
        assertThat(CodePoints.toChars("ab", 99)).isEqualTo(2);
    }

    @Test
    void aPomMayBeAFragment() {
        assertThat(MavenMagics.whole("<dependency>d</dependency>"))
                .contains("<artifactId>cell</artifactId>")
                .contains("<dependencies><dependency>d</dependency></dependencies>");
        assertThat(MavenMagics.whole("<repository>r</repository><dependency>d</dependency>"))
                .contains("<repositories><repository>r</repository></repositories><dependencies><dependency>");
        assertThat(MavenMagics.whole("<project>x</project>")).isEqualTo("<project>x</project>");
    }
}
