using System.Collections.Immutable;
using System.Text.Json;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Options;

namespace Mesh.Client.Policies;

/// <summary>
/// The last good documents of a source, in the folder of the endpoints' cache: a process that starts while the source is down begins with them. A disk that hangs holds up
/// one thread and nobody else.
/// </summary>
/// <param name="store">The folder's files.</param>
/// <param name="folder">The path of the folder as the configuration has it now; empty keeps nothing.</param>
/// <param name="number">The number of the source, since two may have one name.</param>
internal sealed class PolicyCopy(CacheStore store, Func<string> folder, int number)
{
    private readonly Lock _lock = new();
    private CachedPolicies? _written;
    private CachedPolicies? _waiting;
    private bool _writes;

    /// <summary>Reads what an earlier process kept. Waits for the disk.</summary>
    /// <returns><see langword="null"/> where there is nothing.</returns>
    public PolicyDocuments? Read(string source)
    {
        string path = folder();
        CachedPolicies? kept = path.Length == 0 ? null : store.Read(path, NameOf(source), (content, out fault) => Parse(content, source, out fault));
        if (kept is null)
        {
            return null;
        }

        lock (_lock)
        {
            _written ??= kept;
        }

        return new PolicyDocuments(kept.Documents);
    }

    /// <summary>Keeps documents that are good, in the background.</summary>
    public void Keep(string source, ImmutableArray<PolicyDocument> documents)
    {
        lock (_lock)
        {
            CachedPolicies? last = _waiting ?? _written;
            if (last is null ? documents.IsEmpty : last.Source == source && last.Documents.SequenceEqual(documents))
            {
                return;
            }

            _waiting = new CachedPolicies(source, documents);
            if (_writes)
            {
                return;
            }

            _writes = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static copy => copy.WriteAll(), this, preferLocal: false);
    }

    private static CachedPolicies? Parse(ReadOnlySpan<byte> content, string source, out string? fault)
    {
        try
        {
            fault = CacheFormat.Split(content, out ReadOnlySpan<byte> body);
            CachedPolicies? kept = fault is null ? JsonSerializer.Deserialize(body, CachedPoliciesJson.Default.CachedPolicies) : null;
            if (kept is { Documents.IsDefault: false } && kept.Source == source && kept.Documents.All(static d => d is not null))
            {
                return kept;
            }

            fault ??= "does not have the documents of this source";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            fault = "is no file of this format, or torn";
        }

        return null;
    }

    private void WriteAll()
    {
        while (true)
        {
            CachedPolicies next;
            lock (_lock)
            {
                if (_waiting is null)
                {
                    _writes = false;
                    return;
                }

                next = _waiting;
                _waiting = null;
                _written = next;
            }

            try
            {
                string path = folder();
                if (path.Length > 0)
                {
                    store.Write(path, NameOf(next.Source), () => CacheFormat.Frame(JsonSerializer.SerializeToUtf8Bytes(next, CachedPoliciesJson.Default.CachedPolicies)));
                }
            }
            catch (Exception)
            {
                // The store reports what went wrong; only the user's logger is left to throw.
            }
        }
    }

    // The slashes keep it apart from every service.
    private string NameOf(string source) => $"policies/{source}/{number}";
}
