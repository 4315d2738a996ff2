// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** Writes values as Java source, for recipes. */
final class Code {

    private Code() {}

    static String of(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    static String of(Path path) {
        return "Path.of(" + of(path.toString()) + ")";
    }

    static String of(Collection<String> texts) {
        return texts.stream().map(Code::of).collect(Collectors.joining(", "));
    }
}
