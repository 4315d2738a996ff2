// SPDX-License-Identifier: Apache-2.0
/**
 * Chat templates, which are written in Jinja for Python, rendered as Python's Jinja does it with transformers' settings.
 *
 * <p>A template is cut into words ({@code Lexer}), read ({@code Statements}, {@code Expressions}) and run in frames of names
 * ({@code Frame}) over values as Python has them ({@code Values}). What is not here is refused with its line, so that a text is
 * either Python's or none (decision 14).
 *
 * <pre>{@code
 * JinjaTemplate template = JinjaTemplate.of("{% for m in messages %}{{ m.content }}{% endfor %}");
 * template.render(Map.of("messages", List.of(Map.of("content", "hello"))));   // hello
 * }</pre>
 */
@NullMarked
package org.lamella.model.internal.jinja;

import org.jspecify.annotations.NullMarked;
