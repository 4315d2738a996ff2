// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.io.FileNotFoundException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A template as transformers renders it: blocks leave no line behind, and it sees what it is given and nothing else. */
public final class JinjaTemplate {

    private static final int LONGEST_RANGE = 100_000; // as Jinja's sandbox
    private static final int LONGEST = 50_000_000; // characters
    private static final Set<String> LEFT_OUT =
            Set.of("fromyaml", "toyaml", "log", "root"); // whose libraries are not here
    private static final Jinjava JINJAVA = jinjava();

    private final String text;

    private JinjaTemplate(String text) {
        this.text = text;
    }

    /** Returns the template of a text. */
    public static JinjaTemplate of(String text) {
        return new JinjaTemplate(text);
    }

    private static Jinjava jinjava() {
        LegacyOverrides asPython = LegacyOverrides.newBuilder()
                .withUsePyishObjectMapper(true)
                .withIterateOverMapKeys(true)
                .build();
        Jinjava jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(LONGEST)
                .withRangeLimit(LONGEST_RANGE)
                .withLegacyOverrides(asPython)
                .withDisabled(Map.of(Context.Library.FILTER, LEFT_OUT))
                .withElResolver(PythonMethods.resolver())
                .build());
        jinjava.setResourceLocator((name, encoding, interpreter) -> {
            throw new FileNotFoundException("a chat template must stand by itself; it includes " + name);
        });
        jinjava.getGlobalContext()
                .registerFunction(new ELFunctionDefinition(
                        "", "raise_exception", JinjaFunctions.class, "raiseException", String.class));
        jinjava.getGlobalContext()
                .registerFunction(
                        new ELFunctionDefinition("", "strftime_now", JinjaFunctions.class, "timeNow", String.class));
        jinjava.getGlobalContext().registerFilter(new JsonFilter());
        return jinjava;
    }

    /** Returns whether there is a filter of that name. */
    static boolean filters(String name) {
        return !LEFT_OUT.contains(name) && JINJAVA.getGlobalContext().getFilter(name) != null;
    }

    /** Returns whether there is a test of that name, to ask with {@code is}. */
    static boolean tests(String name) {
        return JINJAVA.getGlobalContext().getExpTest(name) != null;
    }

    /**
     * Returns the text that the template makes.
     *
     * @param given what it reads, by name: texts, truth values, lists and maps of these
     * @throws JinjaException when it fails, with the line
     */
    public String render(Map<String, ?> given) {
        Map<String, Object> names = new HashMap<>(given);
        names.put("strftime_now", true); // for templates that ask whether it is defined
        List<String> raised = JinjaFunctions.raised();
        raised.clear();
        RenderResult result = JINJAVA.renderForResult(JinjaSpaces.settled(text), names);
        if (!raised.isEmpty()) {
            throw new JinjaException(line(result), raised.get(0), true);
        }
        if (!result.getErrors().isEmpty()) {
            throw new JinjaException(
                    line(result), String.valueOf(result.getErrors().get(0).getMessage()), false);
        }
        return result.getOutput();
    }

    private static int line(RenderResult result) {
        return result.getErrors().stream()
                .mapToInt(TemplateError::getLineno)
                .filter(line -> line > 0)
                .findFirst()
                .orElse(1);
    }
}
