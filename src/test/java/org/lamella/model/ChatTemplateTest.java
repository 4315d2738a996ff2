// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.base.FormatException;
import org.lamella.model.internal.jinja.JinjaTemplate;

/** Conversations as models read them, against transformers' apply_chat_template: src/test/golden/make.py made the texts. */
final class ChatTemplateTest {

    private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smollm2-instruct",
                "llama-3",
                "llama-3.2",
                "qwen2",
                "mistral",
                "mistral-v3",
                "gemma",
                "qwen2.5",
                "blocks",
                "thoughts",
                "llama-2",
                "llama-3.1",
                "mistral-nemo",
                "phi-3",
                "zephyr",
                "command-r",
                "gemma-3",
                "qwen3",
                "deepseek",
                "vicuna",
                "tulu"
            })
    void conversationsAreRenderedAsTransformersDoes(String family) {
        JsonObject golden = json("chat/" + family + ".json");
        JsonObject conversations = json("chat/conversations.json");
        ChatTemplate template = template(family, golden.get("template").getAsString());
        golden.getAsJsonObject("rendered").asMap().forEach((name, expected) -> {
            List<Message> messages = messages(conversations.get(name));
            JsonObject texts = expected.getAsJsonObject();
            if (texts.has("error")) {
                assertThatThrownBy(() -> template.prompt(messages))
                        .as(name)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(
                                "messages must be as the chat template of " + family + " wants them; got [")
                        .hasMessageEndingWith(" says: " + texts.get("error").getAsString());
            } else {
                assertThat(template.prompt(messages))
                        .as(name)
                        .isEqualTo(texts.get("prompt").getAsString());
                assertThat(template.render(messages, false))
                        .as(name)
                        .isEqualTo(texts.get("closed").getAsString());
            }
        });
    }

    private static ChatTemplate template(String name, String text) {
        return new ChatTemplate(name, JinjaTemplate.of(text), TOKENS, false);
    }

    private static List<Message> messages(JsonElement conversation) {
        return conversation.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(turn -> new Message(
                        turn.get("role").getAsString(), turn.get("content").getAsString()))
                .toList();
    }

    private static JsonObject json(String file) {
        try {
            return JsonParser.parseString(Files.readString(Golden.path(file))).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTemplateThatRefusesOrFailsNamesItsLine() {
        List<Message> one = List.of(Message.user("hello"));
        String refusing =
                "{%- if true %}\n\n    {#- a\nb #}\n{{- raise_exception('no ' + messages[0].role) }}\n{%- endif %}";
        assertThatThrownBy(() -> template("tiny", refusing).prompt(one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "messages must be as the chat template of tiny wants them; got [user], and its line 5 says: no"
                                + " user");
        assertThatThrownBy(() -> template("tiny", "a\n\n{%- set x = 1 %}\n{{ messages[ }}")
                        .prompt(one))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[chat template of tiny] line 4: ");
        assertThatThrownBy(() -> template("tiny", "a\n{{ messages | nothing }}").prompt(one))
                .isInstanceOf(FormatException.class)
                .hasMessage("[chat template of tiny] line 2: No filter named 'nothing'.");
        assertThatThrownBy(() -> template("tiny", "\n\n{% for m in messages %}{{ m.content }}")
                        .prompt(one))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("[chat template of tiny] line 3: ");
        assertThatThrownBy(() -> template("tiny", "a {# b\n #}\n{% if\n messages is nothing %}{% endif %}")
                        .prompt(one))
                .isInstanceOf(FormatException.class)
                .hasMessage("[chat template of tiny] line 3: No test named 'nothing'.");
        assertThatThrownBy(() -> template("tiny", "a\n{{ messages[0].content.getClass() }}")
                        .prompt(one))
                .isInstanceOf(FormatException.class)
                .hasMessage("[chat template of tiny] line 2: 'str object' has no attribute 'getClass'");
        assertThatThrownBy(() ->
                        template("tiny", "{% include 'META-INF/MANIFEST.MF' %}").prompt(one))
                .isInstanceOf(FormatException.class)
                .hasMessage("[chat template of tiny] line 1: tag 'include' is not known here");
        assertThatThrownBy(() -> template("tiny", "a").prompt(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("messages must be at least one; got none");
    }

    @Test
    void whatPythonCallsOtherwiseIsUnderstood() {
        List<Message> one = List.of(Message.user(" Ab\"}} "));

        assertThat(template("t", "{{ messages[0].content.strip().startswith('A') }}")
                        .prompt(one))
                .isEqualTo("True");
        assertThat(template("t", "{{ messages[0].content.lstrip() }}|{{ messages[0].content.upper() }}")
                        .prompt(one))
                .isEqualTo("Ab\"}} | AB\"}} ");
        assertThat(template("t", "{{ messages | tojson }}").prompt(one))
                .isEqualTo("[{\"role\": \"user\", \"content\": \" Ab\\\"}} \"}]");
        assertThat(template("t", "{% generation %}{{ '.upper( }}' }}{% endgeneration %}")
                        .prompt(one))
                .isEqualTo(".upper( }}");
        assertThat(template("t", "{% if strftime_now is defined %}{{ strftime_now('%Y') }}{% endif %}")
                        .prompt(one))
                .matches("20\\d\\d");
        assertThat(template("t", "{% for i in range(5000) %}x{% endfor %}").prompt(one))
                .hasSize(5000);
    }

    @Test
    void aModelReadsAConversationByItsOwnTemplate() throws IOException {
        Path folder = copy();
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}\n");
        try (Transformer model = Transformer.load(folder)) {
            Generation greedy = Generation.greedy().maxTokens(8);
            List<Message> messages = List.of(Message.user("shares rose"));

            Continuation answer = model.chat(messages, greedy);

            assertThat(model.chatPrompt(messages)).isEqualTo("<s>shares rose");
            assertThat(answer.prompt()).isEqualTo("<s>shares rose");
            assertThat(answer.tokens())
                    .isEqualTo(model.generate("shares rose", greedy).tokens());
            assertThat(model.chat("shares rose").tokens().subList(0, 8)).isEqualTo(answer.tokens());
        }
    }

    @Test
    void aModelWithoutATemplateSaysWhatToDo() {
        try (Transformer model = Transformer.load(Golden.path("decoders/llama/model"))) {
            assertThatThrownBy(() -> model.chat("hello"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("model \"" + model.name() + "\" must have a chat template to read a conversation; got"
                            + " none in its files: write the prompt yourself, with model.generate(prompt, generation)");
        }
    }

    @Test
    void everyTokenThatTheFilesCallAnEndEndsTheText() throws IOException {
        Path folder = copy();
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [2, 346]}");
        try (Transformer model = Transformer.load(folder)) {
            Continuation ended = model.generate("shares rose", Generation.greedy());

            assertThat(ended.end()).isEqualTo(Continuation.End.END_TOKEN);
            assertThat(ended.tokens()).containsExactly(365L); // 346 would be next
        }
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": \"</s>\"}");
        assertThatThrownBy(() -> Transformer.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage("[" + folder.resolve("generation_config.json")
                        + "] eos_token_id must be a token's number or a list of them; got \"</s>\"");
    }

    @Test
    void anEndBeyondTheVocabularyIsRefused() throws IOException {
        Path folder = copy();
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replaceAll("\"eos_token_id\": \\d+", "\"eos_token_id\": 70000"));

        assertThatThrownBy(() -> Transformer.load(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageMatching("\\[.*config.json\\] eos_token_id must be below \\d+, the size of the vocabulary;"
                        + " got 70000");
    }

    private Path copy() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("model"));
        try (Stream<Path> files = Files.list(Golden.path("decoders/llama/model"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }
}
