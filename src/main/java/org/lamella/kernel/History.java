// SPDX-License-Identifier: Apache-2.0
package org.lamella.kernel;

import io.github.spencerpark.jupyter.messages.request.HistoryRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The cells of this session, as consoles ask for them. */
final class History {

    private static final int SESSION = 1;

    /** One cell that was kept. */
    private record Entry(int count, String code, @Nullable String output) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Keeps a cell. */
    synchronized void add(int count, String code, @Nullable String output) {
        entries.add(new Entry(count, code, output));
    }

    /** Returns what is asked for: session, count, and code or code with output. */
    synchronized List<List<Object>> find(HistoryRequest request) {
        List<Entry> found = entries;
        if (request instanceof HistoryRequest.Tail tail) {
            found = last(found, tail.getMaxReturnLength());
        } else if (request instanceof HistoryRequest.Range range) {
            found = found.stream().filter(entry -> inRange(entry, range)).toList();
        } else if (request instanceof HistoryRequest.Search search) {
            found = last(matching(search), search.getMaxReturnLength());
        }
        return found.stream().map(entry -> row(entry, request.includeOutput())).toList();
    }

    private static List<Entry> last(List<Entry> all, int count) {
        return count <= 0 ? all : all.subList(Math.max(0, all.size() - count), all.size());
    }

    private static boolean inRange(Entry entry, HistoryRequest.Range range) {
        boolean session = range.getSessionIndex() == SESSION || range.getSessionIndex() == 0;
        boolean before = range.getStop() <= 0 || entry.count() < range.getStop();
        return session && entry.count() >= range.getStart() && before;
    }

    private List<Entry> matching(HistoryRequest.Search search) {
        Pattern pattern = glob(search.getPattern());
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (pattern.matcher(entry.code()).matches()) {
                if (search.filterUnique()) {
                    found.removeIf(earlier -> earlier.code().equals(entry.code()));
                }
                found.add(entry);
            }
        }
        return found;
    }

    private static Pattern glob(@Nullable String glob) {
        StringBuilder regex = new StringBuilder();
        for (char c : (glob == null ? "*" : glob).toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static List<Object> row(Entry entry, boolean withOutput) {
        Object text = withOutput ? Arrays.asList(entry.code(), entry.output()) : entry.code();
        return List.of(SESSION, entry.count(), text);
    }
}
