using Mesh.Client.Telemetry;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Client.Tests.Telemetry;

public sealed class RecentEventsTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RecentEvents _events = new();

    [Fact]
    public void After_MoreThanAreKept_GivesTheLastOnesInOrder()
    {
        for (int i = 0; i < RecentEvents.Most + 10; i++)
        {
            _events.Add(new MeshEvent { Id = i });
        }

        Assert.Equal(Enumerable.Range(10, RecentEvents.Most), _events.After(0).Select(static e => e.Id));
        Assert.Equal(Enumerable.Range(11, RecentEvents.Most).Select(static n => (long)n), _events.After(-5).Select(static e => e.Number));
        Assert.Equal(RecentEvents.Most + 10, _events.After(_events.Last - 1).Single().Number);
        Assert.Empty(_events.After(_events.Last));
        Assert.Empty(_events.After(long.MaxValue));
    }

    [Fact]
    public void Add_ManyThreads_NumbersEachOnce()
    {
        Together.Run(4, _ =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _events.Add(new MeshEvent());
            }
        });

        Assert.Equal(Enumerable.Range(4000 - RecentEvents.Most + 1, RecentEvents.Most).Select(static n => (long)n), _events.After(0).Select(static e => e.Number));
    }

    [Fact]
    public void Log_WhateverTheLogIsSetTo_KeepsWhatMatters()
    {
        EngineLog.Ejected(Logger(), "orders", "10.0.0.1:80", TimeSpan.FromSeconds(5), "ConsecutiveFailures");
        EngineLog.UpdateRefused(Logger(), "orders", new InvalidOperationException("no good"));
        EngineLog.ServiceLeft(Logger(), "orders", TimeSpan.FromMinutes(10));

        Assert.Equal([(2005, "Ejected", LogLevel.Warning), (2007, "UpdateRefused", LogLevel.Error)], _events.After(0).Select(static e => (e.Id, e.Name, e.Level)));
        MeshEvent ejected = _events.After(0)[0];
        Assert.Equal(("orders", "10.0.0.1:80", _clock.GetUtcNow()), (ejected.Service, ejected.Endpoint, ejected.Time));
        Assert.Contains("ejected for 00:00:05", ejected.Text, StringComparison.Ordinal);
        Assert.EndsWith(": no good", _events.After(0)[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_ValuesThatWereRefused_AreLeftOut()
    {
        string errors = "Mesh:Consul:Tokn = \"s3cret\" is no key of the mesh; did you mean \"Token\"?\nMesh:Defaults:Timeout = \"s3cret\" is out of range.";
        Logger().LogError("The configuration is not valid:\n{Errors}", errors);

        string text = _events.After(0).Single().Text;
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.Contains("Mesh:Consul:Tokn is no key of the mesh; did you mean \"Token\"?", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_ALongText_IsCut()
    {
        Logger().LogWarning("{Text}", new string('a', 100_000));

        Assert.Equal(1000, _events.After(0).Single().Text.Length);
    }

    private EventLogger Logger() => new(NullLogger.Instance, _events, _clock);
}
