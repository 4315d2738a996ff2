// SPDX-License-Identifier: Apache-2.0
package org.lamella;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages and notebooks that are committed: every link leads somewhere, every notebook was run to its end. */
final class PagesTest {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final List<String> OURS = List.of("README.md", "src", "kernel", "datasets", "environment");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String place : OURS) {
            try (Stream<Path> files = Files.walk(Path.of(place))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages;
    }

    private static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkOfAPageLeadsSomewhere(Path page) {
        Matcher links = LINK.matcher(text(page));
        while (links.find()) {
            String link = links.group(1);
            if (link.contains("://") || link.startsWith("mailto:")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target =
                    parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
            assertThat(target).as(link).exists();
            if (parts.length == 2 && target.toString().endsWith(".md")) {
                assertThat(headings(target)).as(link).contains(parts[1]);
            }
        }
    }

    // as GitHub makes an anchor of a heading
    private static List<String> headings(Path page) {
        return text(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ *", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void everyCellOfANotebookWasRunInOrderAndNoneFailed(Path notebook) {
        int run = 0;
        for (JsonElement element :
                new Gson().fromJson(text(notebook), JsonObject.class).getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            if (!cell.get("cell_type").getAsString().equals("code")) {
                continue;
            }
            assertThat(cell.get("execution_count").isJsonNull())
                    .as("a cell that was not run: " + cell.get("source"))
                    .isFalse();
            assertThat(cell.get("execution_count").getAsInt()).isEqualTo(++run);
            for (JsonElement output : cell.getAsJsonArray("outputs")) {
                assertThat(output.getAsJsonObject().get("output_type").getAsString())
                        .as("output of " + cell.get("source"))
                        .isNotEqualTo("error");
            }
        }
        assertThat(run).isPositive();
    }

    @Test
    void theTableOfNotebooksNamesEachOfThem() throws IOException {
        for (Path notebook : notebooks()) {
            assertThat(text(Path.of("README.md"))).contains("](notebooks/" + notebook.getFileName() + ")");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
