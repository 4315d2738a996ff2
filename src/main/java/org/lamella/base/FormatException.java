// SPDX-License-Identifier: Apache-2.0
package org.lamella.base;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is not what it should be. The message starts with the file, then names the field and what is wrong. */
public final class FormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final String problem;

    /**
     * Makes the message {@code [file] problem}.
     *
     * @param file the file's name, as a person would recognise it
     * @param problem the field, the rule and the value, for instance {@code r must be a positive integer; got "eight"}
     */
    public FormatException(String file, String problem) {
        super("[" + file + "] " + problem);
        this.file = file;
        this.problem = problem;
    }

    /** Makes the same message and keeps what a parser said as the cause. */
    public FormatException(String file, String problem, @Nullable Throwable cause) {
        super("[" + file + "] " + problem, cause);
        this.file = file;
        this.problem = problem;
    }

    /** Returns this exception with the folder before the file's name, for a person who has read many folders. */
    public FormatException in(Path folder) {
        Path place = Path.of(file);
        if (place.startsWith(folder)) {
            return this;
        }
        FormatException placed = new FormatException(folder.resolve(place).toString(), problem, getCause());
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /**
     * Returns the exception {@code [file] must be JSON; ...} with what a parser said, its class names and links left out.
     *
     * @param file the file's name, as a person would recognise it
     * @param said what the parser threw
     */
    public static FormatException notJson(String file, RuntimeException said) {
        String text = String.valueOf(said.getMessage())
                .replaceFirst("^([\\w.]+Exception: )+", "")
                .replaceFirst("Use JsonReader\\.\\S+ to accept malformed JSON", "it is malformed")
                .lines()
                .findFirst()
                .orElse("it is not");
        return new FormatException(file, "must be JSON; " + text, said);
    }
}
