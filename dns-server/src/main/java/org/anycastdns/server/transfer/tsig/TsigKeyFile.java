package org.anycastdns.server.transfer.tsig;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.server.wire.Name;
import org.jspecify.annotations.Nullable;

/// The content of a file with a key: the secret alone in base64, or `key` statements as other
/// servers and tools write them. Messages never repeat the content.
///
/// ```
///   key "transfer" {
///       algorithm hmac-sha256;
///       secret "c2VjcmV0";
///   };
/// ```
public final class TsigKeyFile {

    /// Strings, comments, punctuation and words.
    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"]*\"|(?s:/\\*.*?\\*/)|//[^\\n]*|#[^\\n]*|[{};]|[^\\s{};\"]+");

    private final List<String> tokens = new ArrayList<>();
    private int next;

    private TsigKeyFile(String text) {
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            String token = matcher.group();
            boolean comment =
                    token.startsWith("//") || token.startsWith("/*") || token.startsWith("#");
            if (!comment) {
                tokens.add(token.replace("\"", ""));
            }
        }
    }

    /// Returns the key with a name from the content of a file.
    ///
    /// @param method null to take that of the file, or HMAC-SHA256 if it has none
    /// @throws IllegalArgumentException if there is no such key, with a message for the operator
    public static TsigKey parse(Name name, @Nullable TsigMethod method, String text) {
        TsigKeyFile file = new TsigKeyFile(text);
        if (file.tokens.isEmpty()) {
            throw new IllegalArgumentException("holds no secret");
        }
        if (!file.tokens.getFirst().equals("key")) {
            return key(name, method == null ? TsigMethod.DEFAULT : method, text.strip());
        }
        List<Name> others = new ArrayList<>();
        while (file.next < file.tokens.size()) {
            file.expect("key");
            Name found = name(file.take());
            Statement statement = file.statement();
            if (found.equals(name)) {
                return statement.key(name, method);
            }
            others.add(found);
        }
        throw new IllegalArgumentException("holds the keys %s, not %s".formatted(others, name));
    }

    private static Name name(String text) {
        try {
            return Name.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("names a key wrongly: " + e.getMessage(), e);
        }
    }

    private record Statement(@Nullable TsigMethod method, @Nullable String secret) {

        private TsigKey key(Name name, @Nullable TsigMethod configured) {
            TsigMethod written = method == null ? TsigMethod.DEFAULT : method;
            if (configured != null && method != null && !configured.equals(method)) {
                throw new IllegalArgumentException(
                        "says %s, but the configuration says %s; remove the option algorithm"
                                .formatted(method.word(), configured.word()));
            }
            if (secret == null) {
                throw new IllegalArgumentException("has no secret for key " + name);
            }
            return TsigKeyFile.key(name, configured == null ? written : configured, secret);
        }
    }

    private Statement statement() {
        expect("{");
        TsigMethod method = null;
        String secret = null;
        while (!peek().equals("}")) {
            switch (take()) {
                case "algorithm" -> method = method(take());
                case "secret" -> secret = take();
                default ->
                        throw new IllegalArgumentException(
                                "has something else than algorithm and secret in a key");
            }
            expect(";");
        }
        expect("}");
        expect(";");
        return new Statement(method, secret);
    }

    /// Reads an algorithm; one of BIND's names for MD5 is longer.
    private static TsigMethod method(String word) {
        return TsigMethod.of(word.equalsIgnoreCase("hmac-md5.sig-alg.reg.int") ? "hmac-md5" : word);
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
        String token = peek();
        next++;
        return token;
    }

    private void expect(String token) {
        if (!take().equals(token)) {
            throw new IllegalArgumentException(
                    "is no key statement: '%s' is missing after %d words"
                            .formatted(token, next - 1));
        }
    }

    private static TsigKey key(Name name, TsigMethod method, String base64) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // The decoder's message may repeat a part of the secret.
            throw new IllegalArgumentException("holds a secret that is not base64");
        }
        return new TsigKey(name, method.algorithm(), method.macOctets(), secret);
    }

    /// Returns the content of a file with one key.
    public static String text(Name name, TsigMethod method, byte[] secret) {
        String dotted = name.toString();
        return """
        key "%s" {
        \talgorithm %s;
        \tsecret "%s";
        };
        """
                .formatted(
                        name.isRoot() ? dotted : dotted.substring(0, dotted.length() - 1),
                        method.word(),
                        Base64.getEncoder().encodeToString(secret));
    }
}
