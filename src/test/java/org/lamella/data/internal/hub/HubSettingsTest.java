// SPDX-License-Identifier: Apache-2.0
package org.lamella.data.internal.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {

    private static final Path PERSON = Path.of(System.getProperty("user.home"));

    @TempDir
    Path folder;

    @Test
    void standsWhereItIsWhenNobodySaysOtherwise() {
        HubSettings settings = HubSettings.of(Map.of("HF_TOKEN_PATH", "/none"));

        assertThat(settings.endpoint()).isEqualTo(URI.create(HubSettings.HUB));
        assertThat(settings.cache()).isEqualTo(PERSON.resolve(".cache/huggingface/hub"));
        assertThat(settings.token()).isEmpty();
        assertThat(settings.offline()).isFalse();
    }

    @Test
    void readsTheVariablesOfPythonsTools() {
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/c")).cache()).isEqualTo(path("/c/huggingface/hub"));
        assertThat(HubSettings.of(Map.of("XDG_CACHE_HOME", "/c", "HF_HOME", "/h"))
                        .cache())
                .isEqualTo(path("/h/hub"));
        assertThat(HubSettings.of(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "~/x"))
                        .cache())
                .isEqualTo(PERSON.resolve("x"));
        assertThat(HubSettings.of(Map.of("HF_ENDPOINT", "http://mirror.test:81/base//"))
                        .endpoint())
                .hasToString("http://mirror.test:81/base");
        for (String yes : new String[] {"1", "on", "Yes", "TRUE"}) {
            assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", yes)).offline()).isTrue();
        }
        assertThat(HubSettings.of(Map.of("TRANSFORMERS_OFFLINE", "1")).offline())
                .isTrue();
        assertThat(HubSettings.of(Map.of("HF_HUB_OFFLINE", "0", "TRANSFORMERS_OFFLINE", "1"))
                        .offline())
                .isFalse();
    }

    private static Path path(String text) {
        return Path.of(text).toAbsolutePath();
    }

    @Test
    void takesTheTokenFromTheFileThatLoggingInWrites() throws IOException {
        Files.writeString(folder.resolve("token"), "hf_file\n");

        assertThat(HubSettings.of(Map.of("HF_HOME", folder.toString())).token()).isEqualTo("hf_file");
        assertThat(HubSettings.of(Map.of("HF_HOME", folder.toString(), "HF_TOKEN", "hf_variable"))
                        .token())
                .isEqualTo("hf_variable");
    }

    @Test
    void neverSaysTheToken() {
        HubSettings settings = HubSettings.of(Map.of("HF_TOKEN", "hf_secret", "HF_HUB_CACHE", "/c"));

        assertThat(settings).hasToString("hub " + HubSettings.HUB + ", cache " + path("/c") + ", with a token");
    }

    @Test
    void refusesAnEndpointThatIsNone() {
        for (String bad : new String[] {"mirror.test", "ftp://mirror.test", "https://me:pw@mirror.test", "https://"}) {
            assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", bad)))
                    .hasMessage("HF_ENDPOINT must be an address like " + HubSettings.HUB
                            + ", without name and password; got \"" + bad + "\"");
        }
    }

    @Test
    void knowsTheHubFromOthers() {
        HubSettings settings = HubSettings.of(Map.of());

        assertThat(settings.isHub(URI.create(HubSettings.HUB + ":443/some"))).isTrue();
        assertThat(settings.isHub(URI.create(HubSettings.HUB.replace("https", "http") + "/some")))
                .isFalse();
        assertThat(settings.isHub(URI.create(HubSettings.HUB + ".evil.test/some")))
                .isFalse();
        assertThat(settings.isHub(URI.create("https://cdn.test/some"))).isFalse();
    }
}
