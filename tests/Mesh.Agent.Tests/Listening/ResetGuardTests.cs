using Mesh.Agent.Listening;

namespace Mesh.Agent.Tests.Listening;

public sealed class ResetGuardTests
{
    [Fact]
    public void Note_OfEnoughResets_EndsTheConnection()
    {
        var guard = new ResetGuard();

        Assert.All(Enumerable.Range(1, ResetGuard.Streams - 1), _ => Assert.False(guard.Note(wasReset: true)));
        Assert.True(guard.Note(wasReset: true));
    }

    [Fact]
    public void Note_OfResetsAmongMoreAnswers_LetsItLive()
    {
        var guard = new ResetGuard();

        Assert.All(Enumerable.Range(1, 3 * ResetGuard.Streams), _ => Assert.False(guard.Note(wasReset: false) || guard.Note(wasReset: true)));
    }
}
