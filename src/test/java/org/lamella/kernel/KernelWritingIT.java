// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamella.kernel.KernelProcess.Message;
import org.lamella.kernel.KernelProcess.Outcome;

/** The real SmolLM2-135M-Instruct writes in a cell: its text grows there, and the square button keeps it. */
class KernelWritingIT {

    private static final String CLASS_PATH = Path.of("target/lamella.jar").toAbsolutePath() + File.pathSeparator
            + Path.of("target/lib").toAbsolutePath() + File.separator + "*";

    @Test
    void aTextGrowsInTheCellAndIsKeptWhenThePersonStops() {
        try (KernelProcess kernel = KernelProcess.start(Map.of("IJAVA_CLASSPATH", CLASS_PATH))) {
            assertThat(kernel.run("import org.lamella.model.*;", "var model = Transformer.load(\"smollm2-135m\");")
                            .status())
                    .isEqualTo("ok");

            String id = kernel.submit(
                    "var story = model.generate(\"Once upon a time\", Generation.greedy().maxTokens(4000));\n"
                            + "System.out.println(story.end());\n"
                            + "story.text()",
                    Map.of());
            List<String> shown = grown(kernel, id, 5);
            kernel.interrupt();
            Outcome cell = kernel.outcome(id);

            assertThat(cell.status()).isEqualTo("ok");
            assertThat(cell.printed("stdout")).isEqualTo("stopped\n");
            for (int i = 1; i < shown.size(); i++) {
                assertThat(shown.get(i))
                        .startsWith(shown.get(i - 1))
                        .hasSizeGreaterThan(shown.get(i - 1).length());
            }
            assertThat(cell.value()).startsWith(shown.get(shown.size() - 1));
        }
    }

    // the text at each of the first times that it was shown
    private static List<String> grown(KernelProcess kernel, String id, int times) {
        List<String> shown = new ArrayList<>();
        while (shown.size() < times) {
            String text = kernel.next(Duration.ofSeconds(60), message -> isShown(message, id))
                    .orElseThrow(() -> new AssertionError("no text grows; shown was " + shown))
                    .data("text/plain");
            int begin = text.indexOf("\n\n");
            if (begin >= 0) {
                shown.add(text.substring(begin + 2));
            }
        }
        return shown;
    }

    private static boolean isShown(Message message, String id) {
        return message.parent().equals(id) && message.type().endsWith("display_data");
    }
}
