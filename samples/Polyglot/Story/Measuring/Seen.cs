namespace Polyglot.Story.Measuring;

/// <summary>What a program saw of a request.</summary>
/// <param name="By">The program's own name, such as <c>orders-1</c>.</param>
/// <param name="Lane">The lane; empty for none.</param>
/// <param name="Trace">The id of the trace; empty for none.</param>
internal sealed record Seen(string By, string Lane, string Trace);
