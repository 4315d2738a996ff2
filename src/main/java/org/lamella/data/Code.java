// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes values as Java source, for recipes. */
final class Code {

    private Code() {}

    static String of(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    static String of(Path path) {
        return within(Home.path(), "Home.path()", path)
                .or(() -> Home.data().flatMap(data -> within(data, "Home.data().orElseThrow()", path)))
                .orElseGet(() -> "Path.of(" + of(path.toString()) + ")");
    }

    private static Optional<String> within(Path folder, String code, Path path) {
        Path whole = path.toAbsolutePath().normalize();
        return whole.startsWith(folder) && !whole.equals(folder)
                ? Optional.of(code + ".resolve("
                        + of(folder.relativize(whole).toString().replace('\\', '/')) + ")")
                : Optional.empty();
    }

    static String of(Collection<String> texts) {
        return texts.stream().map(Code::of).collect(Collectors.joining(", "));
    }
}
