// SPDX-License-Identifier: Apache-2.0
/**
 * Chat templates, which are written in Jinja for Python, rendered as Python's Jinja does it with transformers' settings.
 *
 * <p>jinjava computes; what it does otherwise than Jinja is made up for here: white space around tags, Python's names of
 * methods, the functions that transformers adds.
 *
 * <pre>{@code
 * JinjaTemplate template = JinjaTemplate.of("{% for m in messages %}{{ m.content }}{% endfor %}");
 * template.render(Map.of("messages", List.of(Map.of("content", "hello"))));   // hello
 * }</pre>
 */
@NullMarked
package org.lamella.model.internal.jinja;

import org.jspecify.annotations.NullMarked;
