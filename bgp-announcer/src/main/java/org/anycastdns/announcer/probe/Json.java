package org.anycastdns.announcer.probe;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads JSON. YAML 1.2 contains all of it, so the configuration's parser serves here as well.
public final class Json {

    private static final LoadSettings SETTINGS =
            LoadSettings.builder()
                    .setMaxAliasesForCollections(0)
                    .setAllowDuplicateKeys(true)
                    .build();

    private Json() {}

    /// The object that a text holds; null when it holds something else, or is not JSON.
    public static @Nullable Map<?, ?> object(String text) {
        try {
            return new Load(SETTINGS).loadFromString(text) instanceof Map<?, ?> map ? map : null;
        } catch (YamlEngineException | StackOverflowError _) {
            // The parser recurses for each level of nesting and has no state that outlives it.
            return null;
        }
    }
}
