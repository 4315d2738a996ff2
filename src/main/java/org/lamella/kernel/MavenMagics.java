// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.MagicsArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code %maven}, {@code %mavenRepo} and {@code %loadFromPOM}. Maven's own classes are loaded when the first is called. */
final class MavenMagics {

    private final Consumer<List<String>> classPath;
    private final Map<String, String> repositories = new LinkedHashMap<>();

    private MavenMagics(Consumer<List<String>> classPath) {
        this.classPath = classPath;
    }

    static void register(NotebookMagics magics, Consumer<List<String>> classPath) {
        MavenMagics own = new MavenMagics(classPath);
        for (String name : List.of("maven", "addMavenDependency", "addMavenDependencies")) {
            magics.registerLineMagic(name, own::addDependencies);
        }
        for (String name : List.of("mavenRepo", "addMavenRepo")) {
            magics.registerLineMagic(name, own::addRepository);
        }
        magics.registerLineMagic("loadFromPOM", own::loadFromPom);
        magics.registerCellMagic("loadFromPOM", own::loadFromPomText);
    }

    private List<String> addDependencies(List<String> arguments) {
        Map<String, List<String>> values = MagicsArgs.builder()
                .varargs("deps")
                .keyword("from")
                .flag("verbose", 'v')
                .onlyKnownKeywords()
                .onlyKnownFlags()
                .build()
                .parse(arguments);
        Map<String, String> from = new LinkedHashMap<>(repositories);
        values.getOrDefault("from", List.of()).forEach(url -> from.put("from-" + from.size(), url));
        return add(new MavenDependencies(from).of(values.getOrDefault("deps", List.of())));
    }

    private String addRepository(List<String> arguments) {
        if (arguments.size() != 2) {
            throw new IllegalArgumentException("%mavenRepo must have an id and a URL; got " + arguments);
        }
        repositories.put(arguments.get(0), arguments.get(1));
        return arguments.get(1);
    }

    private List<String> loadFromPom(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("%loadFromPOM must have a file; got nothing");
        }
        List<String> scopes = arguments.subList(1, arguments.size());
        return add(new MavenDependencies(repositories).ofPom(Path.of(arguments.get(0)), scopes));
    }

    private List<String> loadFromPomText(List<String> arguments, String body) throws IOException {
        Path file = Files.createTempFile("cell-", ".pom");
        try {
            Files.writeString(file, whole(body));
            List<String> all = new ArrayList<>(List.of(file.toString()));
            all.addAll(arguments);
            return loadFromPom(all);
        } finally {
            Files.delete(file);
        }
    }

    /** Returns a whole POM: fragments may leave out the project around them and its coordinates. */
    static String whole(String body) {
        if (body.contains("<project")) {
            return body;
        }
        StringBuilder pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion>")
                .append("<groupId>notebook</groupId><artifactId>cell</artifactId><version>1</version>");
        boolean bare = !body.contains("<dependencies>") && body.contains("<dependency>");
        if (!bare) {
            return pom.append(body).append("</project>").toString();
        }
        int repositories = body.indexOf("<repository>");
        int end = body.lastIndexOf("</repository>");
        String rest = repositories < 0
                ? body
                : body.substring(0, repositories) + body.substring(end + "</repository>".length());
        if (repositories >= 0) {
            String inner = body.substring(repositories, end + "</repository>".length());
            pom.append("<repositories>").append(inner).append("</repositories>");
        }
        return pom.append("<dependencies>")
                .append(rest)
                .append("</dependencies></project>")
                .toString();
    }

    private List<String> add(List<Path> jars) {
        List<String> paths = jars.stream().map(Path::toString).toList();
        classPath.accept(paths);
        return paths;
    }
}
