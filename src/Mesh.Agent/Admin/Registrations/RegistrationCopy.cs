using System.Collections.Immutable;
using System.Text.Json;
using Mesh.Client.Discovery.Cache;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>
/// The programs that nothing but their health check keeps registered, in the folder of the endpoints' cache: they need not say it again when the agent begins anew. A disk that hangs holds up one
/// thread and nobody else.
/// </summary>
/// <param name="store">The folder's files.</param>
/// <param name="folder">The path of the folder as the configuration has it now; empty keeps nothing.</param>
/// <param name="agent">What tells this agent from others that use the folder; empty keeps nothing.</param>
internal sealed class RegistrationCopy(CacheStore store, Func<string> folder, string agent)
{
    private readonly Lock _lock = new();
    private ImmutableArray<KeptRegistration>? _waiting;
    private bool _writes;
    private TaskCompletionSource? _written;

    // The slashes keep it apart from every service.
    private string Name => $"registrations/{agent}";

    /// <summary>Reads what an earlier process kept. Waits for the disk.</summary>
    public ImmutableArray<KeptRegistration> Read()
    {
        string path = agent.Length == 0 ? "" : folder();
        return path.Length == 0 ? [] : [.. store.Read(path, Name, Parse) ?? []];
    }

    /// <summary>Keeps them, in the background.</summary>
    public void Keep(ImmutableArray<KeptRegistration> registrations)
    {
        lock (_lock)
        {
            _waiting = registrations;
            if (_writes)
            {
                return;
            }

            _writes = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static copy => copy.WriteAll(), this, preferLocal: false);
    }

    /// <summary>Ends when what was to be kept until now is on the disk, or could not be.</summary>
    public Task WrittenAsync()
    {
        lock (_lock)
        {
            return _writes ? (_written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    private static KeptRegistration[]? Parse(ReadOnlySpan<byte> content, out string? fault)
    {
        try
        {
            fault = CacheFormat.Split(content, out ReadOnlySpan<byte> body);
            if (fault is null && JsonSerializer.Deserialize(body, AgentJson.Default.KeptRegistrationArray) is { } kept && Array.TrueForAll(kept, static k => k is { Id: not null, Body: not null }))
            {
                return kept;
            }

            fault ??= "does not have the registrations of this agent";
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
            ImmutableArray<KeptRegistration> next;
            lock (_lock)
            {
                if (_waiting is not { } waiting)
                {
                    _writes = false;
                    _written?.SetResult();
                    _written = null;
                    return;
                }

                next = waiting;
                _waiting = null;
            }

            try
            {
                string path = agent.Length == 0 ? "" : folder();
                if (path.Length > 0)
                {
                    store.Write(path, Name, () => CacheFormat.Frame(JsonSerializer.SerializeToUtf8Bytes([.. next], AgentJson.Default.KeptRegistrationArray)));
                }
            }
            catch (Exception)
            {
                // The store reports what went wrong; only the user's logger is left to throw.
            }
        }
    }
}
