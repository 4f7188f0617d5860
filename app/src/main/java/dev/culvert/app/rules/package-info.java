/**
 * Rules in variables: what goes by which tunnel ({@code ROUTE_RULES}), and the scanner that all
 * grammars of rules share. Every mistake names its variable and its character. Thread: main.
 */
@NullMarked
package dev.culvert.app.rules;

import org.jspecify.annotations.NullMarked;
