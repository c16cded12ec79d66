"""Machine clients (机器客户端): the provincial platform and other systems."""
