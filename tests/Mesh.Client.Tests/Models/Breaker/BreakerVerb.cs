namespace Mesh.Client.Tests.Models.Breaker;

internal enum BreakerVerb
{
    Begin,
    End,
    Abandon,
    Fail,
    Advance,
    EjectAsOutlier,
}
