// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A template as transformers renders it: blocks leave no line behind, and it sees what it is given and nothing else. */
public final class JinjaTemplate {

    static final int LONGEST = 50_000_000; // letters

    private final String text;

    private JinjaTemplate(String text) {
        this.text = text;
    }

    /** Returns the template of a text. */
    public static JinjaTemplate of(String text) {
        return new JinjaTemplate(text);
    }

    /**
     * Returns the text that the template makes.
     *
     * @param given what it reads, by name: texts, numbers, truth values, null for Python's None, lists and maps of these
     * @throws JinjaException when it fails, with the line
     */
    public String render(Map<String, ? extends @Nullable Object> given) {
        Statement template = Statements.of(text);
        Frame names = JinjaFunctions.frame();
        given.forEach((name, value) -> names.set(name, Values.of(value)));
        try {
            return Statement.text(template, names);
        } catch (Refusal e) {
            throw new JinjaException(names.line(), String.valueOf(e.getMessage()), e.raised());
        } catch (StackOverflowError e) {
            throw new JinjaException(names.line(), "maximum recursion depth exceeded", false);
        }
    }
}
