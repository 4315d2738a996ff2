// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel is told through environment variables, named as IJava names them.
 *
 * @param classPath globs of jars and folders ({@code IJAVA_CLASSPATH}, separated as a class path is)
 * @param startupFiles globs of files of Java and magics to run first ({@code IJAVA_STARTUP_SCRIPTS_PATH})
 * @param startupScript Java and magics to run after those ({@code IJAVA_STARTUP_SCRIPT})
 * @param compilerOptions options for javac ({@code IJAVA_COMPILER_OPTS}, separated by blanks)
 * @param timeLimit how long one statement may run ({@code IJAVA_TIMEOUT}, for instance {@code 30 seconds}; milliseconds
 *     without a unit); empty for no limit
 * @param parent process that started the kernel; the kernel ends with it ({@code JPY_PARENT_PID})
 */
record Environment(
        List<String> classPath,
        List<String> startupFiles,
        String startupScript,
        List<String> compilerOptions,
        Optional<Duration> timeLimit,
        OptionalLong parent) {

    private static final Pattern DURATION = Pattern.compile("\\s*(-?\\d+)\\s*([a-z]*)\\s*");

    /** Reads the variables; those that are missing or blank change nothing. */
    static Environment of(Map<String, String> variables) {
        return new Environment(
                paths(variables.getOrDefault("IJAVA_CLASSPATH", "")),
                paths(variables.getOrDefault("IJAVA_STARTUP_SCRIPTS_PATH", "")),
                variables.getOrDefault("IJAVA_STARTUP_SCRIPT", ""),
                words(variables.getOrDefault("IJAVA_COMPILER_OPTS", "")),
                timeLimit(variables.getOrDefault("IJAVA_TIMEOUT", "")),
                parent(variables.getOrDefault("JPY_PARENT_PID", "")));
    }

    private static List<String> paths(String value) {
        return Arrays.stream(value.split(Pattern.quote(File.pathSeparator), -1))
                .filter(path -> !path.isBlank())
                .toList();
    }

    private static List<String> words(String value) {
        return Arrays.stream(value.trim().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static Optional<Duration> timeLimit(String value) {
        Matcher matcher = DURATION.matcher(value.toLowerCase(Locale.ROOT));
        if (value.isBlank() || !matcher.matches() || Long.parseLong(matcher.group(1)) <= 0) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s", "second", "seconds" -> Duration.ofSeconds(amount);
                    case "m", "minute", "minutes" -> Duration.ofMinutes(amount);
                    case "h", "hour", "hours" -> Duration.ofHours(amount);
                    case "d", "day", "days" -> Duration.ofDays(amount);
                    case "microseconds" -> Duration.ofNanos(amount * 1000);
                    case "nanoseconds" -> Duration.ofNanos(amount);
                    default -> Duration.ofMillis(amount);
                });
    }

    private static OptionalLong parent(String value) {
        // on Windows the variable is a handle, not a process id
        boolean windows = File.separatorChar == '\\';
        return windows || !value.matches("\\d+") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }
}
