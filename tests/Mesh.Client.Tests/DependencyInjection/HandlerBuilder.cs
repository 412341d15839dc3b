using Microsoft.Extensions.Http;

namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>What the factory hands to filters, made by hand to build one client's handlers several times.</summary>
internal sealed class HandlerBuilder : HttpMessageHandlerBuilder
{
    public override string? Name { get; set; }

    public override HttpMessageHandler PrimaryHandler { get; set; } = new SocketsHttpHandler();

    public override IList<DelegatingHandler> AdditionalHandlers { get; } = [];

    public override HttpMessageHandler Build() => CreateHandlerPipeline(PrimaryHandler, AdditionalHandlers);
}
