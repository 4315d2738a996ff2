// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.lamella.kernel.Evaluator.Value;

/** The magics of IJava and JJava, and two that list variables. */
final class SessionMagics {

    private static final List<String> SOURCES = List.of("", ".jsh", ".jshell", ".java", ".ijava", ".ipynb");

    private final Session session;

    private SessionMagics(Session session) {
        this.session = session;
    }

    static void register(Session session) {
        SessionMagics own = new SessionMagics(session);
        NotebookMagics magics = session.magics();
        magics.registerLineMagic("jars", arguments -> own.addAll(arguments, false));
        magics.registerLineMagic("classpath", arguments -> own.addAll(arguments, true));
        magics.register("time", own::time, session.execution());
        magics.register("load", own::load, session.execution());
        magics.register("help", own::help, session.execution());
        magics.registerLineMagic("who", arguments -> own.who());
        magics.registerLineMagic("vars", arguments -> own.variables());
        MavenMagics.register(magics, session::addToClassPath);
    }

    private List<String> addAll(List<String> globs, boolean folders) {
        List<String> paths = new ArrayList<>();
        for (String glob : globs) {
            List<String> found = Session.paths(glob, folders);
            if (found.isEmpty()) {
                session.warn("nothing is at \"" + glob + "\"\n");
            }
            paths.addAll(found);
        }
        session.addToClassPath(paths);
        return paths;
    }

    private Value time(MagicCall call) throws CellFailure {
        String code = call.body().orElse(call.rest());
        long start = System.nanoTime();
        try {
            return session.evaluator().evaluateWithin(code);
        } finally {
            System.out.println("Time: " + duration((System.nanoTime() - start) / 1e9));
        }
    }

    private static String duration(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
        }
        return seconds < 120
                ? String.format(Locale.ROOT, "%.2f s", seconds)
                : String.format(Locale.ROOT, "%d min %d s", (int) seconds / 60, (int) seconds % 60);
    }

    private Value load(MagicCall call) throws CellFailure {
        if (call.arguments().size() != 1) {
            throw Failures.plain("IllegalArgumentException", "%load must have one file; got \"" + call.rest() + "\"");
        }
        String name = call.arguments().get(0);
        Path file = SOURCES.stream()
                .map(ending -> Path.of(name + ending))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> Failures.plain(
                        "FileNotFoundException",
                        Path.of(name).toAbsolutePath() + " is not there, nor with any of "
                                + String.join(" ", SOURCES.subList(1, SOURCES.size()))));
        Value value = Value.NONE;
        for (String code : cells(file)) {
            value = session.evaluator().evaluate(file.getFileName().toString(), code);
        }
        return value;
    }

    private static List<String> cells(Path file) throws CellFailure {
        try {
            String text = Files.readString(file);
            return file.toString().endsWith(".ipynb") ? codeCells(text) : List.of(text);
        } catch (IOException unreadable) {
            throw Failures.plain("IOException", file + " cannot be read: " + unreadable.getMessage());
        }
    }

    private static List<String> codeCells(String notebook) {
        List<String> cells = new ArrayList<>();
        JsonArray all = JsonParser.parseString(notebook).getAsJsonObject().getAsJsonArray("cells");
        for (JsonElement cell : all) {
            JsonObject parts = cell.getAsJsonObject();
            if (parts.get("cell_type").getAsString().equals("code")) {
                cells.add(source(parts.get("source")));
            }
        }
        return cells;
    }

    private static String source(JsonElement source) {
        if (source.isJsonPrimitive()) {
            return source.getAsString();
        }
        StringBuilder text = new StringBuilder();
        StreamSupport.stream(source.getAsJsonArray().spliterator(), false)
                .map(JsonElement::getAsString)
                .forEach(text::append);
        return text.toString();
    }

    private Value help(MagicCall call) {
        String name = call.rest();
        if (name.isBlank()) {
            System.out.println(
                    "Magics: " + String.join(" ", session.magics().startingWith("")) + ". %help NAME tells of a name.");
            return Value.NONE;
        }
        System.out.println(Inspection.at(session, name, name.length())
                .or(() -> Inspection.at(session, name + "(", name.length() + 1))
                .orElse("Nothing is known of " + name + "."));
        return Value.NONE;
    }

    private List<String> who() {
        List<String> names =
                session.shell().variables().map(variable -> variable.name()).toList();
        System.out.println(names.isEmpty() ? "There are no variables yet." : String.join(" ", names));
        return names;
    }

    private String variables() {
        UnaryOperator<String> escaped =
                text -> text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        StringBuilder text = new StringBuilder();
        StringBuilder html = new StringBuilder("<table><tr><th style='text-align:left'>name</th>")
                .append("<th style='text-align:left'>type</th><th style='text-align:left'>value</th></tr>");
        session.shell().variables().forEach(variable -> {
            String value = shortened(session.shell().varValue(variable));
            text.append(variable.typeName())
                    .append(' ')
                    .append(variable.name())
                    .append(" = ")
                    .append(value)
                    .append('\n');
            html.append("<tr>");
            for (String part : List.of(variable.name(), variable.typeName(), value)) {
                html.append("<td style='text-align:left'>")
                        .append(escaped.apply(part))
                        .append("</td>");
            }
            html.append("</tr>");
        });
        DisplayData bundle = new DisplayData(text.toString());
        bundle.putHTML(html.append("</table>").toString());
        Kernel.running().ifPresent(kernel -> kernel.display(bundle));
        return text.toString();
    }

    private static String shortened(String value) {
        String line = value.replace('\n', ' ');
        return line.length() <= 120 ? line : line.substring(0, 117) + "...";
    }
}
