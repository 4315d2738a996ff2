// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/** The methods of texts. */
final class TextMethods {

    private static final Set<String> ALL = Set.of(
            "capitalize",
            "casefold",
            "center",
            "count",
            "encode",
            "endswith",
            "expandtabs",
            "find",
            "format",
            "format_map",
            "index",
            "isalnum",
            "isalpha",
            "isascii",
            "isdecimal",
            "isdigit",
            "isidentifier",
            "islower",
            "isnumeric",
            "isprintable",
            "isspace",
            "istitle",
            "isupper",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "maketrans",
            "partition",
            "removeprefix",
            "removesuffix",
            "replace",
            "rfind",
            "rindex",
            "rjust",
            "rpartition",
            "rsplit",
            "rstrip",
            "split",
            "splitlines",
            "startswith",
            "strip",
            "swapcase",
            "title",
            "translate",
            "upper",
            "zfill");

    private TextMethods() {}

    /** Returns whether Python has it. */
    static boolean has(String method) {
        return ALL.contains(method);
    }

    static Object of(String text, String method, Given given) {
        return switch (method) {
            case "strip", "lstrip", "rstrip" -> stripped(text, method, given);
            case "startswith", "endswith" ->
                ends(text, method, given.bound(method, "prefix").required(0));
            case "replace" -> {
                Given.Bound bound = given.bound(method, "old", "new", "count");
                yield replaced(text, bound.text(0), bound.text(1), bound.whole(2, -1));
            }
            case "split", "rsplit" -> {
                Given.Bound bound = given.bound(method, "sep", "maxsplit");
                boolean spaces = bound.at(0, None.NONE) == None.NONE;
                int most = bound.whole(1, -1);
                yield objects(
                        spaces
                                ? TextParts.words(text, most, method.equals("split"))
                                : TextParts.of(text, bound.text(0), most, method.equals("split")));
            }
            case "splitlines" ->
                objects(TextParts.lines(text, given.bound(method, "keepends").truth(0)));
            case "partition", "rpartition" ->
                TextParts.around(text, given.bound(method, "sep").text(0), method.equals("partition"));
            case "join" ->
                joined(text, Values.list(given.bound(method, "iterable").required(0)));
            case "find", "rfind", "index", "rindex" ->
                found(text, given.bound(method, "sub").text(0), method);
            case "count" ->
                BigInteger.valueOf(count(text, given.bound(method, "sub").text(0)));
            case "removeprefix" -> {
                String part = given.bound(method, "prefix").text(0);
                yield text.startsWith(part) ? text.substring(part.length()) : text;
            }
            case "removesuffix" -> {
                String part = given.bound(method, "suffix").text(0);
                yield text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
            }
            case "ljust", "rjust", "center", "zfill" -> padded(text, method, given);
            case "format" -> TextFormat.braces(text, given);
            default -> {
                given.bound(method);
                yield alone(text, method);
            }
        };
    }

    private static List<Object> objects(List<String> texts) {
        return new ArrayList<>(texts);
    }

    // the methods that take nothing
    private static Object alone(String text, String method) {
        return switch (method) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> Letters.capital(text);
            case "title" -> Letters.title(text);
            case "swapcase" -> swapped(text);
            case "isdigit", "isdecimal" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isspace" -> all(text, Letters::space);
            case "isascii" -> text.chars().allMatch(c -> c < 128);
            case "islower" ->
                text.codePoints().anyMatch(Character::isLowerCase)
                        && text.codePoints().noneMatch(Character::isUpperCase);
            case "isupper" ->
                text.codePoints().anyMatch(Character::isUpperCase)
                        && text.codePoints().noneMatch(Character::isLowerCase);
            default -> throw Refusal.unknown("'" + method + "' of a text");
        };
    }

    private static boolean all(String text, IntPredicate rule) {
        return !text.isEmpty() && text.codePoints().allMatch(rule);
    }

    private static String swapped(String text) {
        StringBuilder swapped = new StringBuilder();
        text.codePoints().forEach(c -> {
            String letter = Character.toString(c);
            swapped.append(
                    Character.isUpperCase(c) ? letter.toLowerCase(Locale.ROOT) : letter.toUpperCase(Locale.ROOT));
        });
        return swapped.toString();
    }

    private static String stripped(String text, String method, Given given) {
        Given.Bound bound = given.bound(method, "chars");
        if (bound.at(0, None.NONE) != None.NONE) {
            return Letters.without(text, bound.text(0), !method.equals("rstrip"), !method.equals("lstrip"));
        }
        return switch (method) {
            case "strip" -> Letters.strip(text);
            case "lstrip" -> Letters.stripLeft(text);
            default -> Letters.stripRight(text);
        };
    }

    private static boolean ends(String text, String method, Object wanted) {
        List<Object> any = wanted instanceof Tuple tuple ? tuple.all() : List.of(wanted);
        return any.stream().anyMatch(each -> {
            if (!(each instanceof String part)) {
                throw new Refusal(method + " first arg must be str or a tuple of str, not " + Values.kind(each));
            }
            return method.equals("startswith") ? text.startsWith(part) : text.endsWith(part);
        });
    }

    /** Returns a text with some of the places of another replaced, all if the number is negative. */
    static String replaced(String text, String old, String with, int most) {
        if (most < 0) {
            return text.replace(old, with);
        }
        if (old.isEmpty()) {
            throw Refusal.unknown("replacing nothing a number of times");
        }
        return String.join(with, TextParts.of(text, old, most, true)); // what is split and joined is replaced
    }

    private static int count(String text, String part) {
        return part.isEmpty()
                ? Letters.length(text) + 1
                : TextParts.of(text, part, -1, true).size() - 1;
    }

    private static Object found(String text, String part, String method) {
        int place = method.startsWith("r") ? text.lastIndexOf(part) : text.indexOf(part);
        if (place < 0 && method.endsWith("index")) {
            throw new Refusal("substring not found");
        }
        return BigInteger.valueOf(place < 0 ? -1 : text.codePointCount(0, place));
    }

    static String joined(String between, List<Object> texts) {
        List<String> all = new ArrayList<>();
        for (Object each : texts) {
            if (!(each instanceof String text)) {
                throw new Refusal(
                        "sequence item " + all.size() + ": expected str instance, " + Values.kind(each) + " found");
            }
            all.add(text);
        }
        return String.join(between, all);
    }

    private static String padded(String text, String method, Given given) {
        Given.Bound bound = given.bound(method, "width", "fillchar");
        int missing = bound.whole(0, 0) - Letters.length(text);
        String with = bound.at(1).isPresent() ? bound.text(1) : method.equals("zfill") ? "0" : " ";
        if (missing <= 0) {
            return text;
        }
        if (method.equals("zfill") && (text.startsWith("-") || text.startsWith("+"))) {
            return text.charAt(0) + with.repeat(missing) + text.substring(1);
        }
        int left =
                switch (method) {
                    case "ljust" -> 0;
                    case "center" -> missing / 2 + (missing & (missing + Letters.length(text)) & 1);
                    default -> missing;
                };
        return with.repeat(left) + text + with.repeat(missing - left);
    }

    /** Returns the words of a text with large beginnings, as the filter of that name. */
    static String titled(String text) {
        StringBuilder titled = new StringBuilder();
        boolean begins = true;
        for (int c : text.codePoints().toArray()) {
            boolean between = Letters.space(c) || "-({[<".indexOf(c) >= 0;
            String letter = Character.toString(c);
            titled.append(
                    between ? letter : begins ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT));
            begins = between;
        }
        return titled.toString();
    }

    static List<String> words(String text) {
        return Arrays.asList(text.split("\\W+"));
    }
}
