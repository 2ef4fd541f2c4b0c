package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// BFD with a key, as BIRD and as the announcer configure it.
final class AuthenticatedBfd {

    private AuthenticatedBfd() {}

    /// Returns BIRD's configuration of BFD.
    ///
    /// @param options options of the interface; may be empty
    static String protocol(String options) {
        return "protocol bfd { interface \"*\" { interval 300 ms; multiplier 10; %s }; }\n"
                .formatted(options);
    }

    /// Returns BIRD's options of an interface.
    ///
    /// @param method in BIRD's words, such as `keyed sha1`
    static String bird(String method, String key) {
        return "authentication %s; password \"%s\" { id 7; };".formatted(method, key);
    }

    /// Returns the announcer's option `bfd`, whose interval is that of BIRD.
    ///
    /// @param folder folder for the file with the key
    /// @param method in BIRD's words
    static String ours(Path folder, String method, String key) throws IOException {
        Path file = Files.writeString(folder.resolve("bfd.key"), key + "\n");
        return "{multiplier: 10, key-file: \"%s\", key-id: 7, authentication: %s}"
                .formatted(file, method.replace(' ', '-'));
    }
}
