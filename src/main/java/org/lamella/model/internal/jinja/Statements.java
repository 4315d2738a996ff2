// SPDX-License-Identifier: Apache-2.0
package org.lamella.model.internal.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a template: its text, its values and its blocks. */
final class Statements {

    private static final Set<String> OTHERS =
            Set.of("include", "import", "from", "extends", "block", "autoescape", "trans");

    private final Words words;
    private final Expressions expressions;

    private Statements(Words words) {
        this.words = words;
        this.expressions = new Expressions(words);
    }

    /** Returns what a template does. */
    static Statement of(String template) {
        Words words = new Words(Lexer.tokens(template));
        return new Statements(words).until(0, "");
    }

    // all up to a block that begins with one of some words, which is left to be read
    private Statement until(int line, String block, String... ends) {
        List<Statement> all = new ArrayList<>();
        while (true) {
            Token now = words.take();
            switch (now.kind()) {
                case TEXT ->
                    all.add((frame, out) -> {
                        out.append(now.text());
                        return Statement.Flow.ON;
                    });
                case VALUE -> all.add(value(now.line()));
                case BLOCK -> {
                    if (Set.of(ends).contains(words.now().text())) {
                        return Statement.all(all);
                    }
                    all.add(block(now.line()));
                }
                default -> {
                    if (ends.length == 0) {
                        return Statement.all(all);
                    }
                    throw new JinjaException(
                            line,
                            "Unexpected end of template. Jinja was looking for the following tags: '"
                                    + String.join("' or '", ends)
                                    + "'. The innermost block that needs to be closed is '" + block + "'.",
                            false);
                }
            }
        }
    }

    private Statement value(int line) {
        Expression value = expressions.listed(true, "");
        words.kind(Token.Kind.VALUE_END);
        return (frame, out) -> {
            frame.line(line);
            out.append(Printed.text(value.of(frame)));
            if (out.length() > JinjaTemplate.LONGEST) {
                throw new Refusal("text must be at most " + JinjaTemplate.LONGEST + " letters");
            }
            return Statement.Flow.ON;
        };
    }

    private Statement block(int line) {
        String name = words.name();
        Statement block =
                switch (name) {
                    case "if" -> condition(line);
                    case "for" -> loop(line);
                    case "set" -> set(line);
                    case "with" -> with(line);
                    case "macro" -> macro(line);
                    case "call" -> call(line);
                    case "filter" -> filter(line);
                    case "generation" -> generation(line);
                    case "break" -> ended((frame, out) -> Statement.Flow.BREAK);
                    case "continue" -> ended((frame, out) -> Statement.Flow.CONTINUE);
                    default ->
                        throw new JinjaException(
                                line,
                                OTHERS.contains(name)
                                        ? "tag '" + name + "' is not known here"
                                        : "Encountered unknown tag '" + name + "'.",
                                false);
                };
        return (frame, out) -> {
            frame.line(line);
            return block.run(frame, out);
        };
    }

    private Statement ended(Statement statement) {
        words.kind(Token.Kind.BLOCK_END);
        return statement;
    }

    private Statement body(int line, String block, String... ends) {
        words.kind(Token.Kind.BLOCK_END);
        return until(line, block, ends);
    }

    private Statement closed(int line, String block) {
        Statement body = body(line, block, "end" + block);
        words.take();
        return ended(body);
    }

    private Statement condition(int line) {
        Expression condition = expressions.listed(false, "");
        Statement then = body(line, "if", "elif", "else", "endif");
        Statement otherwise = Statement.all(List.of());
        String next = words.take().text();
        if (next.equals("elif")) {
            int other = words.now().line();
            Statement inner = condition(other);
            otherwise = (frame, out) -> {
                frame.line(other);
                return inner.run(frame, out);
            };
        } else if (next.equals("else")) {
            otherwise = closed(line, "if");
        } else {
            words.kind(Token.Kind.BLOCK_END);
        }
        Statement last = otherwise;
        return (frame, out) -> (Values.truth(condition.of(frame)) ? then : last).run(frame, out);
    }

    private Statement loop(int line) {
        Target target = Target.read(words);
        if (!words.takenName("in")) {
            throw words.unexpected("'in'");
        }
        Expression all = expressions.listed(false, "recursive");
        Optional<Expression> condition = words.takenName("if") ? Optional.of(expressions.next()) : Optional.empty();
        boolean recursive = words.takenName("recursive");
        Statement body = body(line, "for", "else", "endfor");
        Statement otherwise = Statement.all(List.of());
        if (words.take().text().equals("else")) {
            otherwise = closed(line, "for");
        } else {
            words.kind(Token.Kind.BLOCK_END);
        }
        return new Rounds(target, all, condition, recursive, body, otherwise, line);
    }

    private Statement set(int line) {
        Target target = Target.read(words);
        if (words.takenSign("=")) {
            Expression value = expressions.listed(true, "");
            return ended((frame, out) -> {
                target.put(value.of(frame), frame);
                return Statement.Flow.ON;
            });
        }
        Text text = new Text();
        Expression value = words.takenSign("|") ? expressions.terms().filters(text) : text;
        Statement body = closed(line, "set");
        return (frame, out) -> {
            Frame inner = frame.inner();
            inner.set(Text.NAME, Statement.text(body, inner));
            target.put(value.of(inner), frame);
            return Statement.Flow.ON;
        };
    }

    /** The text of a block, under a name that no template can have. */
    private static final class Text implements Expression {

        static final String NAME = " text";

        @Override
        public Object of(Frame frame) {
            return frame.named(NAME);
        }
    }

    private Statement filter(int line) {
        Expression value = expressions.terms().filters(new Text());
        Statement body = closed(line, "filter");
        return (frame, out) -> {
            Frame inner = frame.inner();
            inner.set(Text.NAME, Statement.text(body, inner));
            out.append(Printed.text(value.of(inner)));
            return Statement.Flow.ON;
        };
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (words.now().kind() != Token.Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                words.sign(",");
            }
            String name = words.name();
            targets.add((value, frame) -> frame.set(name, value));
            words.sign("=");
            values.add(expressions.next());
        }
        Statement body = closed(line, "with");
        return (frame, out) -> {
            Frame inner = frame.inner();
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).put(values.get(i).of(frame), inner);
            }
            return body.run(inner, out);
        };
    }

    // what an assistant generated says nothing of the text; what it sets is not seen outside
    private Statement generation(int line) {
        Statement body = closed(line, "generation");
        return (frame, out) -> {
            out.append(Statement.text(body, frame.inner()));
            return Statement.Flow.ON;
        };
    }

    private Statement macro(int line) {
        String name = words.name();
        Macro macro = macro(name, parameters(), line, "macro");
        return (frame, out) -> {
            frame.set(name, macro.in(frame));
            return Statement.Flow.ON;
        };
    }

    private Macro macro(String name, Map<String, Optional<Expression>> parameters, int line, String block) {
        Set<String> before = words.read();
        Statement body = closed(line, block);
        Set<String> used = words.read();
        before.forEach(words::reads);
        return new Macro(name, parameters, body, used);
    }

    private Statement call(int line) {
        Map<String, Optional<Expression>> parameters = words.now().sign("(") ? parameters() : Map.of();
        Expression called = expressions.terms().calledWith("caller", frame -> frame.named(Text.NAME));
        Macro caller = macro("caller", parameters, line, "call");
        return (frame, out) -> {
            Frame inner = frame.inner();
            inner.set(Text.NAME, caller.in(frame));
            out.append(Printed.text(called.of(inner)));
            return Statement.Flow.ON;
        };
    }

    private Map<String, Optional<Expression>> parameters() {
        Map<String, Optional<Expression>> parameters = new LinkedHashMap<>();
        words.sign("(");
        while (!words.now().sign(")")) {
            String name = words.name();
            Optional<Expression> value = words.takenSign("=") ? Optional.of(expressions.next()) : Optional.empty();
            parameters.put(name, value);
            if (!words.takenSign(",")) {
                break;
            }
        }
        words.sign(")");
        return parameters;
    }
}
