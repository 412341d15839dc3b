using Shop.Orders;

// The middle of the shop: it is called, and calls http://inventory.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();
builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh => mesh.AddConsul().AddRegistration());
builder.Services.AddHttpClient<InventoryClient>(http => http.BaseAddress = new Uri("http://inventory"));

var app = builder.Build();
string instance = app.Configuration["Mesh:Local:Instance"] ?? "orders";
app.MapHealthChecks("/healthz");
app.MapGet("/orders/{id:int}", async (int id, InventoryClient inventory, CancellationToken end) =>
{
    Stock? stock = await inventory.FindAsync(item: id, end);
    return new Order(id, stock?.Count, instance, stock?.By);
});
app.Run();
