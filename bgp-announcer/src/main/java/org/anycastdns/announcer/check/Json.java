package org.anycastdns.announcer.check;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads JSON. It is a subset of YAML 1.2, so the parser for the configuration reads it.
public final class Json {

    private static final LoadSettings SETTINGS =
            LoadSettings.builder()
                    .setMaxAliasesForCollections(0)
                    .setAllowDuplicateKeys(true)
                    .build();

    private Json() {}

    /// Returns the object in a JSON text. Returns null if the text holds something else or is not
    /// JSON.
    public static @Nullable Map<?, ?> object(String text) {
        try {
            return new Load(SETTINGS).loadFromString(text) instanceof Map<?, ?> map ? map : null;
        } catch (YamlEngineException | StackOverflowError _) {
            // The parser recurses for each level of nesting, and has no state that survives the
            // error.
            return null;
        }
    }
}
