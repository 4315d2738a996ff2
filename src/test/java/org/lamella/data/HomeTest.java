// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HomeTest {

    @Test
    void aPathInTheHomeFolderIsWrittenFromThereOn() {
        assertThat(Home.code(Home.path().resolve("models/shapes"))).isEqualTo("Home.path().resolve(\"models/shapes\")");
    }

    @Test
    void aPathElsewhereIsWrittenAsItIs() {
        assertThat(Home.code(Path.of("target", "my \"adapter\""))).isEqualTo("Path.of(\"target/my \\\"adapter\\\"\")");
        assertThat(Home.code(Home.path())).isEqualTo("Path.of(\"" + Home.path() + "\")");
        assertThat(Home.code(Path.of(Home.path() + "-other"))).isEqualTo("Path.of(\"" + Home.path() + "-other\")");
    }
}
