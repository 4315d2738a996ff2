// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.objects.collections.PyList;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import jinjava.javax.el.MethodNotFoundException;
import org.jspecify.annotations.Nullable;

/** The methods of texts, and those of maps that jinjava lacks, by Python's names and rules; a text has no others. */
final class PythonMethods extends ELResolver {

    private PythonMethods() {}

    static ELResolver resolver() {
        CompositeELResolver both = new CompositeELResolver();
        both.add(new PythonMethods());
        both.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
        return both;
    }

    @Override
    public @Nullable Object invoke(
            ELContext context,
            @Nullable Object base,
            Object method,
            Class<?> @Nullable [] types,
            @Nullable Object @Nullable [] given) {
        List<@Nullable Object> values = given == null ? List.of() : Arrays.asList(given);
        if (base instanceof String text) {
            context.setPropertyResolved(true);
            return of(text, String.valueOf(method), values);
        }
        if (base instanceof Map<?, ?> map && method.equals("get") && values.size() == 2) {
            context.setPropertyResolved(true);
            Object found = map.get(values.get(0));
            return found == null ? values.get(1) : found;
        }
        return null;
    }

    private static Object of(String text, String method, List<@Nullable Object> given) {
        List<String> texts = given.stream().map(String::valueOf).toList();
        return switch (method + "/" + given.size()) {
            case "strip/0" -> text.strip();
            case "lstrip/0" -> text.stripLeading();
            case "rstrip/0" -> text.stripTrailing();
            case "strip/1" -> without(text, texts.get(0), true, true);
            case "lstrip/1" -> without(text, texts.get(0), true, false);
            case "rstrip/1" -> without(text, texts.get(0), false, true);
            case "upper/0" -> text.toUpperCase(Locale.ROOT);
            case "lower/0" -> text.toLowerCase(Locale.ROOT);
            case "capitalize/0" -> capital(text);
            case "title/0" ->
                Arrays.stream(text.split("\\b", -1)).map(PythonMethods::capital).collect(Collectors.joining());
            case "startswith/1" -> text.startsWith(texts.get(0));
            case "endswith/1" -> text.endsWith(texts.get(0));
            case "find/1" -> (long) text.indexOf(texts.get(0));
            case "count/1" ->
                (long) parts(text, texts.get(0), Integer.MAX_VALUE).size() - 1;
            case "replace/2" -> text.replace(texts.get(0), texts.get(1));
            case "split/0" ->
                list(text.isBlank() ? List.of() : List.of(text.strip().split("\\s+")));
            case "split/1" -> list(parts(text, texts.get(0), Integer.MAX_VALUE));
            case "split/2" -> list(parts(text, texts.get(0), Integer.parseInt(texts.get(1))));
            default ->
                throw new MethodNotFoundException(
                        "str has no method " + method + " of " + given.size() + " values here");
        };
    }

    private static PyList list(List<String> texts) {
        return new PyList(new ArrayList<>(texts));
    }

    private static List<String> parts(String text, String separator, int most) {
        if (separator.isEmpty()) {
            throw new MethodNotFoundException("empty separator");
        }
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() < most; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String without(String text, String letters, boolean left, boolean right) {
        int from = 0;
        int to = text.length();
        while (left && from < to && letters.indexOf(text.charAt(from)) >= 0) {
            from++;
        }
        while (right && to > from && letters.indexOf(text.charAt(to - 1)) >= 0) {
            to--;
        }
        return text.substring(from, to);
    }

    private static String capital(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, @Nullable Object property) {
        return null;
    }

    @Override
    public @Nullable Class<?> getType(ELContext context, @Nullable Object base, @Nullable Object property) {
        return null;
    }

    @Override
    public void setValue(ELContext context, @Nullable Object base, @Nullable Object property, @Nullable Object value) {
        throw new UnsupportedOperationException("a template changes nothing it is given");
    }

    @Override
    public boolean isReadOnly(ELContext context, @Nullable Object base, @Nullable Object property) {
        return true;
    }

    @Override
    public @Nullable Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, @Nullable Object base) {
        return null;
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, @Nullable Object base) {
        return Object.class;
    }
}
