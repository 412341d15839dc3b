using System.Net.Sockets;
using Mesh.Client.Retries;

namespace Mesh.Client.Tests.Retries;

public sealed class TransportFailureTests
{
    [Fact]
    public void KindOf_EveryErrorOfTheHandler_KnowsWhetherSomethingWasSent()
    {
        foreach (HttpRequestError error in Enum.GetValues<HttpRequestError>())
        {
            FailureKind expected = error switch
            {
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => FailureKind.ConnectFailure,
                HttpRequestError.VersionNegotiationError or HttpRequestError.ConfigurationLimitExceeded => FailureKind.Protocol,
                _ => FailureKind.Reset,
            };

            Assert.True(expected == TransportFailure.KindOf(new HttpRequestException(error)), $"{error}: expected {expected}, got {TransportFailure.KindOf(new HttpRequestException(error))}");
        }
    }

    [Fact]
    public void KindOf_AnErrorNobodyClassified_IsTakenForALossAfterSending()
    {
        // A POST must not be sent twice because a handler did not say what happened.
        Assert.Equal(FailureKind.Reset, TransportFailure.KindOf(new HttpRequestException("?")));
        Assert.Equal(FailureKind.Reset, TransportFailure.KindOf(new HttpRequestException("?", new SocketException((int)SocketError.ConnectionRefused))));
        Assert.Equal(FailureKind.Reset, TransportFailure.KindOf(new IOException()));
        Assert.Equal(FailureKind.Reset, TransportFailure.KindOf(new SocketException((int)SocketError.ConnectionReset)));
    }

    [Fact]
    public void KindOf_TheHandlersConnectTimeout_IsAFailureToConnect() =>
        Assert.Equal(FailureKind.ConnectFailure, TransportFailure.KindOf(new TaskCanceledException("ConnectTimeout", new TimeoutException())));

    [Fact]
    public void KindOf_AnythingElse_IsThisProcessesOwn()
    {
        Assert.Equal(FailureKind.Local, TransportFailure.KindOf(new TaskCanceledException()));
        Assert.Equal(FailureKind.Local, TransportFailure.KindOf(new InvalidOperationException()));
        Assert.Equal(FailureKind.Local, TransportFailure.KindOf(new ObjectDisposedException("content")));
    }
}
