package org.anycastdns.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes one option to the operator; the option is the annotated record component. Its key in
/// the file is the component's name in lower case with dashes.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Option {
    /// What the option does, in one sentence.
    String doc();

    /// The default value, as an operator would write it, with list items separated by spaces. Empty
    /// if the option must be set or the program detects its value.
    String otherwise() default "";

    /// For a group of options: the key that a single value without keys is assigned to. Empty if
    /// the keys must be written.
    String alone() default "";

    /// The smallest value, written like a value; for text the smallest number of octets.
    String min() default "";

    /// The largest value, written like a value; for text the largest number of octets.
    String max() default "";
}
