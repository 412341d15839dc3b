using Mesh.Client.Limits.Quotas;

namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>A store that does what the model does, unless a test has it hang, throw or answer nonsense.</summary>
internal sealed class ScriptedStore : IQuotaStore
{
    private readonly Dictionary<string, ModelStore> _models = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private int _trips;
    private int _atOnce;

    public ScriptedStore(TimeProvider clock) => _clock = clock;

    /// <summary>What to do with a trip instead.</summary>
    public Func<QuotaRequest, CancellationToken, Task<QuotaGrant>>? Instead { get; set; }

    public int Trips => Volatile.Read(ref _trips);

    /// <summary>The most trips that were out at once.</summary>
    public int MostAtOnce { get; private set; }

    public async ValueTask<QuotaGrant> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _trips);
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
        try
        {
            return Instead is { } instead ? await instead(request, cancellationToken) : Take(request);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    public QuotaGrant Take(QuotaRequest request)
    {
        lock (_lock)
        {
            if (!_models.TryGetValue(request.KeyHash, out ModelStore? model))
            {
                model = new ModelStore(() => 1_000_000_000 + (_clock.GetTimestamp() / 10));
                _models.Add(request.KeyHash, model);
            }

            return model.Take(request);
        }
    }
}
