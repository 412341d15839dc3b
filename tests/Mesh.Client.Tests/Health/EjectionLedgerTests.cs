using Mesh.Client.Health;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Health;

public sealed class EjectionLedgerTests
{
    [Theory]
    [InlineData(1, 50, 1)]
    [InlineData(2, 50, 1)]
    [InlineData(3, 50, 1)]
    [InlineData(4, 50, 2)]
    [InlineData(5, 50, 2)]
    [InlineData(10, 50, 5)]
    [InlineData(10, 1, 1)]
    [InlineData(10, 100, 10)]
    [InlineData(10, 33, 3)]
    [InlineData(100_000, 100, 100_000)]
    public void TryEject_SoManyEndpoints_StopsAtTheCapButAlwaysAllowsOne(int total, int percent, int cap)
    {
        EjectionLedger ledger = Ledger(total, percent);

        int ejected = Enumerable.Range(0, total + 1).Count(_ => ledger.TryEject());

        Assert.Equal(cap, ejected);
        Assert.Equal(cap, ledger.Out);
    }

    [Fact]
    public void Version_WhenThePanicBeginsAndEnds_Rises()
    {
        EjectionLedger ledger = Ledger(2, 100);
        int calm = ledger.Version;
        ledger.TryEject();
        Assert.Equal(calm, ledger.Version);

        ledger.TryEject();
        int panic = ledger.Version;
        ledger.Restore();

        Assert.True(panic > calm);
        Assert.True(ledger.Version > panic);
    }

    [Fact]
    public void TryEject_CapOfZeroPercent_EjectsNobody()
    {
        Assert.False(Ledger(10, 0).TryEject());
    }

    [Fact]
    public void TryEject_ManyThreadsAtOnce_StopsAtTheCap()
    {
        EjectionLedger ledger = Ledger(20, 50);
        int most = 0;

        Together.Run(16, _ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                if (ledger.TryEject())
                {
                    int now = ledger.Out;
                    if (now > Volatile.Read(ref most))
                    {
                        Interlocked.Exchange(ref most, now);
                    }

                    ledger.Restore();
                }
            }
        });

        Assert.InRange(most, 1, 10);
        Assert.Equal(0, ledger.Out);
    }

    [Fact]
    public void TryEject_APlaceGivenBack_CanBeTakenAgain()
    {
        EjectionLedger ledger = Ledger(2, 50);
        Assert.True(ledger.TryEject());
        Assert.False(ledger.TryEject());

        ledger.Restore();

        Assert.True(ledger.TryEject());
    }

    [Theory]
    [InlineData(1, 0.5, 1, true)]
    [InlineData(2, 0.5, 1, false)]
    [InlineData(10, 0.5, 5, false)]
    [InlineData(10, 0.5, 6, true)]
    [InlineData(10, 0.0, 10, false)]
    [InlineData(10, 1.0, 1, true)]
    public void InPanic_SoManyOut_HoldsBelowTheThreshold(int total, double threshold, int ejected, bool panic)
    {
        EjectionLedger ledger = Ledger(total, 100, threshold);

        for (int i = 0; i < ejected; i++)
        {
            Assert.True(ledger.TryEject());
        }

        Assert.Equal(panic, ledger.InPanic);
        ledger.Restore();
        Assert.Equal(total - ejected + 1 < threshold * total, ledger.InPanic);
    }

    [Fact]
    public void Configure_EndpointsLeave_JudgesAnew()
    {
        EjectionLedger ledger = Ledger(10, 100);
        for (int i = 0; i < 4; i++)
        {
            ledger.TryEject();
        }

        ledger.Configure(5, 100, 0.5);
        Assert.True(ledger.InPanic);
        ledger.Configure(10, 100, 0.5);
        Assert.False(ledger.InPanic);
    }

    [Fact]
    public void Configure_NoEndpoint_IsNoPanic()
    {
        EjectionLedger ledger = Ledger(1, 50);
        ledger.TryEject();

        ledger.Configure(0, 50, 0.5);

        Assert.False(ledger.InPanic);
    }

    private static EjectionLedger Ledger(int total, int percent, double threshold = 0.5)
    {
        var ledger = new EjectionLedger(static _ => 0);
        ledger.Configure(total, percent, threshold);
        return ledger;
    }
}
