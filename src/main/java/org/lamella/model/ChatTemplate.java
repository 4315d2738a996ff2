// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.base.FormatException;
import org.lamella.model.internal.jinja.JinjaException;
import org.lamella.model.internal.jinja.JinjaTemplate;

/**
 * How a model was taught to read a conversation: the template that its tokenizer's files have.
 *
 * @param name of the model, for errors
 * @param tokens the texts of named tokens, for instance {@code bos_token}
 */
record ChatTemplate(String name, JinjaTemplate template, Map<String, String> tokens) {

    /** Returns the template of a model that has one. */
    static ChatTemplate of(String name, ModelSource source) {
        try {
            String text = source.chatTemplate()
                    .orElseThrow(() -> new IllegalStateException("model \"" + name
                            + "\" must have a chat template to read a conversation; got none in its files: write the"
                            + " prompt yourself, with model.generate(prompt, generation)"));
            return new ChatTemplate(name, JinjaTemplate.of(text), source.namedTokens());
        } catch (FormatException e) {
            throw source.placed(e);
        }
    }

    /** Returns a conversation up to where the model answers. */
    String prompt(List<Message> messages) {
        return render(messages, true);
    }

    /** Returns a conversation as a text, and the beginning of an answer if one is wanted. */
    String render(List<Message> messages, boolean answering) {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages must be at least one; got none");
        }
        Map<String, @Nullable Object> given = new HashMap<>(tokens);
        given.put("tools", null); // as transformers gives them to a conversation without
        given.put("documents", null);
        given.put("messages", messages.stream().map(ChatTemplate::fields).toList());
        given.put("add_generation_prompt", answering);
        try {
            return template.render(given);
        } catch (JinjaException e) {
            if (e.raised()) {
                throw new IllegalArgumentException(
                        "messages must be as the chat template of " + name + " wants them; got "
                                + messages.stream().map(Message::role).toList() + ", and its line " + e.line()
                                + " says: " + e.getMessage(),
                        e);
            }
            throw new FormatException("chat template of " + name, "line " + e.line() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> fields(Message message) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("role", message.role());
        fields.put("content", message.content());
        return fields;
    }
}
