// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty more runs of the load and train cells of the real MiniLM leave memory as it was after the first five. */
final class FlatMemoryIT {

    // a heap that grows and shrinks as the collector likes would hide what is measured; this one is resident from the
    // start
    private static final List<String> FIXED_HEAP =
            List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
    // one MiniLM is 87 MiB of mapped weights: a model that stays would be seen, and so would 2 MiB a run
    private static final long MOST_GROWTH_KIB = 40 * 1024;
    private static final Pattern SETTLED =
            Pattern.compile("settled (\\d+): (\\d+) tensors, (\\d+) KiB own, (\\d+) KiB mapped");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"close", "leave"})
    void twentyRunsMoreLeaveTensorsAndMemoryAsTheyWere(String ending) throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.run(FIXED_HEAP, FlatMemory.class, folder, ending);

        assertThat(child.exit()).as(child.output()).isZero();
        Matcher settled = SETTLED.matcher(child.output());
        assertThat(settled.find()).as(child.output()).isTrue();
        long tensors = Long.parseLong(settled.group(2));
        long resident = Long.parseLong(settled.group(3));
        assertThat(settled.find()).as(child.output()).isTrue();
        assertThat(Long.parseLong(settled.group(2))).as(child.output()).isEqualTo(tensors);
        assertThat(Long.parseLong(settled.group(3)) - resident)
                .as(child.output())
                .isLessThan(MOST_GROWTH_KIB);
    }
}
