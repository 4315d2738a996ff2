// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.model.Golden;
import org.lamella.tensor.SafeTensors;
import org.lamella.tensor.Scope;

/**
 * Adapters of every variant over every family, as Lamella writes them, answer as PEFT 0.21.2 does: it loaded these very
 * bytes without a warning, a missing or an unexpected key. {@code environment/peft-check --golden} stored its answers.
 */
final class PeftContractTest {

    /** What {@code environment/setup/peft_check.py} has too. */
    private static final long SEED = 4;

    private static final int COUNT = 432;

    @TempDir
    static Path folder;

    private static Map<String, String> fingerprints = Map.of();
    private static PeftCheck check = new PeftCheck(Path.of(""), Path.of(""));
    private static SafeTensors answers = SafeTensors.open(Golden.path("peft/answers.safetensors"));

    @BeforeAll
    static void readWhatPeftAnswered() throws IOException {
        fingerprints = new Gson()
                .fromJson(
                        Files.readString(Golden.path("peft/fingerprints.json")),
                        new TypeToken<Map<String, String>>() {});
        check = new PeftCheck(Golden.path("peft").resolveSibling(""), folder);
    }

    @AfterAll
    static void freeTheModels() {
        check.close();
        answers.close();
    }

    private static List<PeftCase> cases() {
        return PeftCase.of(SEED, COUNT);
    }

    @Test
    void peftAnsweredEveryCase() {
        List<String> names = cases().stream().map(PeftCase::name).toList();

        assertThat(names).hasSizeGreaterThanOrEqualTo(300).doesNotHaveDuplicates();
        assertThat(fingerprints.keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(answers.names()).containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void whatPeftLoadedIsWrittenAgainAndAnswersTheSame(PeftCase each) {
        PeftCheck.Answer answer = check.write(each);

        assertThat(answer.fingerprint()).as("bytes").isEqualTo(fingerprints.get(each.name()));
        try (Scope scope = Scope.open()) {
            float[] peft = answers.tensor(each.name(), scope).floats();
            Golden.assertClose(answer.made(), peft, 1e-5, "as it was made");
            Golden.assertClose(answer.loaded(), peft, 1e-5, "read from its folder");
        }
    }
}
