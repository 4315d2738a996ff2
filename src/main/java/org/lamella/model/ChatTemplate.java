// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamella.base.FormatException;
import org.lamella.model.internal.jinja.JinjaException;
import org.lamella.model.internal.jinja.JinjaTemplate;

/**
 * How a model was taught to read a conversation: the template that its tokenizer's files have.
 *
 * @param name of the model, for errors
 * @param tokens the texts of named tokens, for instance {@code bos_token}
 * @param parted whether it wants what is said as a list of pictures and texts, as those of LLaVA do
 */
record ChatTemplate(String name, JinjaTemplate template, Map<String, String> tokens, boolean parted) {

    private static final Pattern PARTED = Pattern.compile("['\".]type\\b");

    /** Returns the template of a model that has one. */
    static ChatTemplate of(String name, ModelSource source, boolean sees) {
        try {
            String text = source.chatTemplate()
                    .orElseThrow(() -> new IllegalStateException("model \"" + name
                            + "\" must have a chat template to read a conversation; got none in its files: write the"
                            + " prompt yourself, with model.generate(prompt, generation)"));
            boolean parted = sees && PARTED.matcher(text).find();
            return new ChatTemplate(name, JinjaTemplate.of(text), source.namedTokens(), parted);
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
        given.put("messages", messages.stream().map(this::fields).toList());
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

    private Map<String, Object> fields(Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", message.role());
        fields.put("content", parted ? parts(message) : marked(message));
        return fields;
    }

    private static List<Map<String, String>> parts(Message message) {
        List<Map<String, String>> parts = new ArrayList<>();
        message.pictures().forEach(picture -> parts.add(Map.of("type", "image")));
        parts.add(Map.of("type", "text", "text", message.content()));
        return parts;
    }

    // a template that knows nothing of pictures takes their marks as text
    private static String marked(Message message) {
        return "<image>\n".repeat(message.pictures().size()) + message.content();
    }
}
