package org.anycastdns.daemon;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/// What a program was built from and what it runs on, for its metrics.
public final class Build {

    /// What stands for a commit that nobody named.
    public static final String UNKNOWN = "unknown";

    /// The entry of the manifest that names the commit; `mvn -Dcommit=...` sets it.
    private static final String COMMIT = "Implementation-Commit";

    private Build() {}

    /// Returns the commit that the jar of a class was built from; [#UNKNOWN] if the jar does not
    /// say or the class is in none.
    public static String commit(Class<?> program) {
        CodeSource source = program.getProtectionDomain().getCodeSource();
        try {
            File file = source == null ? null : new File(source.getLocation().toURI());
            return file == null || !file.isFile() ? UNKNOWN : commit(file);
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            return UNKNOWN;
        }
    }

    private static String commit(File file) throws IOException {
        try (JarFile jar = new JarFile(file)) {
            @Nullable Manifest manifest = jar.getManifest();
            String commit = manifest == null ? null : manifest.getMainAttributes().getValue(COMMIT);
            return commit == null || commit.isEmpty() ? UNKNOWN : commit;
        }
    }

    /// Returns the version of the JDK that runs, such as `25.0.3+9`.
    public static String jdk() {
        return Runtime.version().toString();
    }
}
