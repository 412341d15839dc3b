using System.Diagnostics.CodeAnalysis;

namespace Mesh.Client.Routing;

/// <summary>What a rule may ask of a request, on either side of a call.</summary>
internal interface IRequestFacts
{
    ReadOnlySpan<char> Method { get; }

    /// <summary>The path as it is sent, without the query.</summary>
    ReadOnlySpan<char> Path { get; }

    /// <summary>The query as it is sent, with or without its question mark.</summary>
    ReadOnlySpan<char> Query { get; }

    /// <summary>The service that calls; <see langword="null"/> where that is not known.</summary>
    string? Caller { get; }

    /// <summary>The lane that the call travels in; <see langword="null"/> where it is in none.</summary>
    string? Lane { get; }

    /// <summary>The value of a header, lines of one name joined by commas.</summary>
    bool TryGetHeader(string name, [NotNullWhen(true)] out string? value);
}
