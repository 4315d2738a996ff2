// SPDX-License-Identifier: Apache-2.0
package org.lamella.eval;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.lamella.base.Disk;
import org.lamella.base.FormatException;

/** Reads files of programming problems, one JSON object a line. */
final class CodeProblems {

    private static final Pattern FUNCTION = Pattern.compile("\\bdef\\s+(\\w+)\\s*\\(");
    private static final String COMPARISON = resource("compare.py");

    private CodeProblems() {}

    private static String resource(String name) {
        try (InputStream in = CodeProblems.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("org/lamella/eval/" + name + " must be on the class path; got none");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Disk.unreadable(name, e);
        }
    }

    /**
     * One line.
     *
     * @param file the file's name
     * @param line from 1
     * @param text what stands there; JSON as Python writes it, with numbers that Gson does not know
     * @param object the same, read
     */
    record Fields(String file, int line, String text, JsonObject object) {

        String text(String name) {
            JsonElement element = element(name);
            if (!element.isJsonPrimitive()) {
                throw wrong(name, "a text", element);
            }
            return element.getAsString();
        }

        List<String> texts(String name) {
            JsonElement element = element(name);
            if (!element.isJsonArray() || element.getAsJsonArray().isEmpty()) {
                throw wrong(name, "a list of texts", element);
            }
            return element.getAsJsonArray().asList().stream()
                    .map(JsonElement::getAsString)
                    .toList();
        }

        /** Returns the test that compares a solution with the benchmark's own on the inputs of its first tests, or on all. */
        String comparison(boolean all) {
            String inputs = all ? "['base_input', 'plus_input']" : "['base_input']";
            for (String name : List.of("base_input", "atol", all ? "plus_input" : "base_input")) {
                element(name);
            }
            String whole = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            return COMPARISON + "_compare(" + text("entry_point") + ", '" + whole + "', " + inputs + ")\n";
        }

        private JsonElement element(String name) {
            JsonElement element = object.get(name);
            if (element == null) {
                throw new FormatException(
                        file, "line " + line + " must have " + name + "; got " + String.join(", ", object.keySet()));
            }
            return element;
        }

        private FormatException wrong(String name, String rule, JsonElement found) {
            String shown = found.toString();
            return new FormatException(
                    file,
                    name + " in line " + line + " must be " + rule + "; got "
                            + (shown.length() <= 40 ? shown : shown.substring(0, 40) + "…"));
        }
    }

    static List<CodeProblem> read(Path file, Function<Fields, CodeProblem> problem) {
        String name = String.valueOf(file.getFileName());
        List<CodeProblem> problems = new ArrayList<>();
        try (BufferedReader lines = open(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    problems.add(problem.apply(new Fields(name, number, line, object(name, number, line))));
                }
            }
        } catch (IOException e) {
            throw Disk.unreadable(file, e);
        }
        if (problems.isEmpty()) {
            throw new FormatException(name, "file must hold one problem a line; got an empty file");
        }
        return List.copyOf(problems);
    }

    private static BufferedReader open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8));
    }

    private static JsonObject object(String file, int line, String text) {
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new FormatException(file, "line " + line + " must be one JSON object; got " + begin(text), e);
        }
    }

    private static String begin(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    /** Returns the first function of a program that a test calls; the first of all when it calls none. */
    static String tested(String program, String test) {
        Matcher functions = FUNCTION.matcher(program);
        String first = "";
        while (functions.find()) {
            String name = functions.group(1);
            if (Pattern.compile("\\b" + name + "\\s*\\(").matcher(test).find()) {
                return name;
            }
            first = first.isEmpty() ? name : first;
        }
        return first;
    }
}
